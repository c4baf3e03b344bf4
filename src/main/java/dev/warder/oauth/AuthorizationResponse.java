package dev.warder.oauth;

import dev.warder.http.Form;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The response of an authorization server, sent through the browser (RFC 6749, sections 4.1.2 and 4.1.2.1). The text
 * form shows none of it.
 *
 * @param problem why there is no code, in plain words
 */
public record AuthorizationResponse(String code, String state, Optional<String> problem) {
    private static final Pattern ERROR = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");

    public static AuthorizationResponse ofQuery(String query) {
        var form = Form.parse(query);
        if (form.isEmpty()) {
            return new AuthorizationResponse(
                    "", "", Optional.of("The authorization server's response cannot be read."));
        }
        String code = form.get().value("code");
        String error = form.get().value("error");
        return new AuthorizationResponse(code, form.get().value("state"), problem(code, error));
    }

    /**
     * Reads what a person copied: {@code code#state} as some authorization servers show it, or the whole address that the
     * browser was sent to. Empty when it is neither.
     */
    public static Optional<AuthorizationResponse> ofPasted(String text) {
        String pasted = text.strip();
        int hash = pasted.indexOf('#');
        int query = pasted.indexOf('?');
        if (query >= 0 && pasted.contains("://")) {
            return Optional.of(ofQuery(pasted.substring(query + 1, hash > query ? hash : pasted.length())));
        }
        return hash > 0 && hash < pasted.length() - 1 && pasted.chars().noneMatch(Character::isWhitespace)
                ? Optional.of(new AuthorizationResponse(
                        pasted.substring(0, hash), pasted.substring(hash + 1), Optional.empty()))
                : Optional.empty();
    }

    private static Optional<String> problem(String code, String error) {
        if (!error.isEmpty()) {
            return Optional.of(words(error));
        }
        return code.isEmpty() ? Optional.of("The authorization server sent no authorization code.") : Optional.empty();
    }

    private static String words(String error) {
        return switch (error) {
            case "access_denied" ->
                "The login was refused: the user or the authorization server denied access (access_denied).";
            case "invalid_scope" ->
                "The authorization server does not grant the scopes of oauth.scopes (invalid_scope).";
            case "unauthorized_client" ->
                "The authorization server does not allow this client to log in (unauthorized_client).";
            case "server_error", "temporarily_unavailable" ->
                "The authorization server is in trouble; try again later (" + error + ").";
            default ->
                "The authorization server refused the login"
                        + (ERROR.matcher(error).matches() ? " (" + error + ")." : ".");
        };
    }

    @Override
    public String toString() {
        return "AuthorizationResponse";
    }
}
