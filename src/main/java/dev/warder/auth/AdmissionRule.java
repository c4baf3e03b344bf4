package dev.warder.auth;

import dev.warder.http.ErrorReply;
import dev.warder.http.PresentedTokens;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Decides from the presented tokens whether a caller is admitted, and which of its fields remain as its own credential.
 *
 * <p>Fields are read in this order: the dedicated field, {@code x-api-key}, {@code Authorization: Bearer}. A value that
 * starts with {@code sk-ant-} is an Anthropic credential and is skipped; the first other value decides. Every field
 * that holds the valid token is consumed. The dedicated field never remains, and neither does a field that holds a
 * token that Warder made. Thread-safe.
 *
 * @param open whether every caller is admitted, as {@link Client#OPEN}
 * @param header the name of the dedicated field, for the message to a caller without a token
 */
record AdmissionRule(ClientDirectory directory, boolean open, String header) {
    private static final String ANTHROPIC = "sk-ant-";

    CallerAdmission decide(PresentedTokens tokens) {
        if (tokens.contradictory()) {
            return refused("A token field was sent twice with different values. Send each field once.");
        }
        if (open) {
            return admitted(Client.OPEN, new PresentedToken(Optional.empty()), tokens);
        }
        Optional<String> deciding = tokens.dedicated()
                .filter(AdmissionRule::mayBeAccessToken)
                .or(() -> tokens.apiKey().filter(AdmissionRule::mayBeAccessToken))
                .or(() -> tokens.bearer().filter(AdmissionRule::mayBeAccessToken));
        if (deciding.isEmpty()) {
            return new CallerAdmission.Refused(
                    ErrorReply.challenge("An access token for this gateway is missing: send it as " + header
                            + ", x-api-key or Authorization: Bearer."));
        }
        return directory
                .authenticate(deciding.get())
                .map(client -> withoutToken(client, deciding.get(), tokens))
                .orElseGet(this::invalid);
    }

    private CallerAdmission withoutToken(Client client, String token, PresentedTokens tokens) {
        var others = new ArrayList<String>();
        tokens.apiKey().ifPresent(others::add);
        tokens.bearer().ifPresent(others::add);
        others.removeIf(value -> value.equals(token) || !mayBeAccessToken(value));
        for (String other : others) {
            // A caller who has the shared token does not guess it, whatever is in another field.
            boolean mayBeAnother = !client.equals(Client.SHARED) || AdministratorTokens.mayBeToken(other);
            if (mayBeAnother && directory.authenticate(other).isPresent()) {
                return refused("The request has two different access tokens. Send only one.");
            }
        }
        var presented = new PresentedToken(Optional.of(token));
        for (String other : others) {
            // Even if the token follows a scheme: such a value would go upstream as the caller's own credential.
            if (presented.isIn(other)) {
                return invalid();
            }
        }
        return admitted(client, presented, tokens);
    }

    private static boolean mayBeAccessToken(String value) {
        return !value.startsWith(ANTHROPIC);
    }

    private static CallerAdmission admitted(Client client, PresentedToken token, PresentedTokens tokens) {
        var own = new OwnCredential(
                tokens.apiKey().filter(value -> !token.isIn(value)),
                tokens.bearer().filter(value -> !token.isIn(value)));
        return new CallerAdmission.Admitted(client, token, own);
    }

    private static CallerAdmission refused(String message) {
        return new CallerAdmission.Refused(ErrorReply.invalidRequest(message));
    }

    private CallerAdmission invalid() {
        return new CallerAdmission.Refused(directory.refusalOfUnknown());
    }

    /** The decision about a caller. */
    sealed interface CallerAdmission {
        /** Admitted as this client, by this token, with the caller's own credential. */
        record Admitted(Client client, PresentedToken token, OwnCredential own) implements CallerAdmission {}

        /** Refused. */
        record Refused(ErrorReply reply) implements CallerAdmission {}
    }
}
