package dev.warder.auth;

import dev.warder.http.ErrorReply;
import dev.warder.http.PresentedTokens;
import java.util.Optional;

/**
 * Decides from the presented tokens, and without one from a certificate, whether a caller is admitted, and which of its fields remain as its own credential.
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

    /** @param certificate decides where no token is presented */
    CallerAdmission decide(PresentedTokens tokens, ClientCertificates.Presented certificate) {
        if (tokens.contradictory()) {
            return refused("A token field was sent twice with different values. Send each field once.");
        }
        if (open) {
            return admitted(Client.OPEN, PresentedToken.NONE, tokens);
        }
        var deciding = mayBeAccessToken(tokens.dedicated())
                ? tokens.dedicated()
                : mayBeAccessToken(tokens.apiKey()) ? tokens.apiKey() : tokens.bearer();
        if (!mayBeAccessToken(deciding)) {
            return certificate
                    .client()
                    .map(client -> admitted(client, PresentedToken.NONE, tokens))
                    .orElseGet(() -> new CallerAdmission.Refused(
                            ErrorReply.challenge("An access token for this gateway is missing: send it as " + header
                                    + ", x-api-key or Authorization: Bearer."
                                    + (certificate.problem().isEmpty() ? "" : " " + certificate.problem() + ".")),
                            true));
        }
        String token = deciding.orElseThrow();
        var client = directory.authenticate(token);
        return client.isPresent() ? withoutToken(client.get(), token, tokens) : invalid();
    }

    private CallerAdmission withoutToken(Client client, String token, PresentedTokens tokens) {
        var presented = new PresentedToken(Optional.of(token));
        var key = without(token, tokens.apiKey());
        var bearer = without(token, tokens.bearer());
        if (isAnotherToken(client, key) || isAnotherToken(client, bearer)) {
            return refused("The request has two different access tokens. Send only one.");
        }
        // Even if the token follows a scheme: such a value would go upstream as the caller's own credential.
        return holds(key, presented) || holds(bearer, presented) ? invalid() : admitted(client, presented, tokens);
    }

    /** The value of a field, if it may be an access token other than {@code token}. */
    private static Optional<String> without(String token, Optional<String> field) {
        return mayBeAccessToken(field) && !field.get().equals(token) ? field : Optional.empty();
    }

    private boolean isAnotherToken(Client client, Optional<String> other) {
        // A caller who has the shared token does not guess it, whatever is in another field.
        return other.isPresent()
                && (!client.equals(Client.SHARED)
                        || AccessToken.parse(other.get()).isPresent())
                && directory.authenticate(other.get()).isPresent();
    }

    private static boolean mayBeAccessToken(Optional<String> value) {
        return value.isPresent() && !value.get().startsWith(ANTHROPIC);
    }

    private static CallerAdmission admitted(Client client, PresentedToken token, PresentedTokens tokens) {
        var own = new OwnCredential(
                holds(tokens.apiKey(), token) ? Optional.empty() : tokens.apiKey(),
                holds(tokens.bearer(), token) ? Optional.empty() : tokens.bearer());
        return new CallerAdmission.Admitted(client, token, own);
    }

    private static boolean holds(Optional<String> field, PresentedToken token) {
        return field.isPresent() && token.isIn(field.get());
    }

    private static CallerAdmission refused(String message) {
        return new CallerAdmission.Refused(ErrorReply.invalidRequest(message), false);
    }

    private CallerAdmission invalid() {
        return new CallerAdmission.Refused(directory.refusalOfUnknown(), false);
    }

    /** The decision about a caller. */
    sealed interface CallerAdmission {
        /** Admitted as this client, by this token, with the caller's own credential. */
        record Admitted(Client client, PresentedToken token, OwnCredential own) implements CallerAdmission {}

        /**
         * Refused.
         *
         * @param unidentified whether no token was presented, so that a certificate would have decided
         */
        record Refused(ErrorReply reply, boolean unidentified) implements CallerAdmission {}
    }
}
