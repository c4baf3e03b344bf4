package dev.warder.credential;

import dev.warder.auth.Client;
import dev.warder.auth.OwnCredential;
import dev.warder.auth.Right;
import dev.warder.http.ErrorReply;
import java.util.Optional;

/**
 * Decides which credential goes upstream: the caller's own where {@code passthrough} and its rights allow one, else
 * those of the pool where its rights allow that, else none. Thread-safe.
 */
final class CredentialRule {
    private final boolean passthrough;
    private final CredentialPool pool;

    CredentialRule(boolean passthrough, CredentialPool pool) {
        this.passthrough = passthrough;
        this.pool = pool;
    }

    /**
     * Decides about one request.
     *
     * @param session what the client calls the conversation that the request belongs to
     */
    CredentialChoice choose(Client client, OwnCredential brought, Optional<String> session) {
        return own(client, brought)
                .or(() -> managed(client, session))
                .orElseGet(() -> new CredentialChoice.Refused(refusal()));
    }

    /** The same for a path to which no managed credential may go. */
    CredentialChoice chooseOwn(Client client, OwnCredential brought) {
        return own(client, brought)
                .orElseGet(() -> new CredentialChoice.Refused(ErrorReply.forbidden(
                        "This path takes a credential of the caller's own only, and none came or none may be used.")));
    }

    private Optional<CredentialChoice> own(Client client, OwnCredential brought) {
        if (!passthrough || !client.has(Right.PASSTHROUGH)) {
            return Optional.empty();
        }
        var bearer = brought.bearer().map(UpstreamCredential::ofBearerField);
        var key = brought.apiKey().map(UpstreamCredential::ofApiKeyField);
        boolean loginBehindKey = bearer.filter(UpstreamCredential.ApiKey.class::isInstance)
                        .isPresent()
                && key.filter(UpstreamCredential.BearerToken.class::isInstance).isPresent();
        return (loginBehindKey ? key : bearer.or(() -> key)).map(CredentialChoice.Passthrough::new);
    }

    private Optional<CredentialChoice> managed(Client client, Optional<String> session) {
        return client.has(Right.MANAGED) && !pool.isEmpty()
                ? Optional.of(new CredentialChoice.Managed(pool.candidates(client.name(), session)))
                : Optional.empty();
    }

    private ErrorReply refusal() {
        if (!pool.isEmpty()) {
            return ErrorReply.unauthenticated("No credential for the upstream: this access token may not use those of"
                    + " upstream.credentials, and the request brought none that may be used.");
        }
        return passthrough
                ? ErrorReply.unauthenticated(
                        "No credential for the upstream: the request brought none that may be used,"
                                + " and upstream.credentials is not set.")
                : ErrorReply.notConfigured(
                        "The gateway is not configured: upstream.credentials is not set and" + " passthrough is off.");
    }
}
