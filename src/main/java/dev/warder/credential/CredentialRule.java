package dev.warder.credential;

import dev.warder.auth.Client;
import dev.warder.auth.OwnCredential;
import dev.warder.auth.Right;
import dev.warder.config.ManagedCredential;
import dev.warder.config.WarderConfig;
import dev.warder.http.ErrorReply;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides which credential goes upstream: the caller's own where {@code passthrough} and its rights allow one, else the
 * first managed one where its rights allow that, else none. Thread-safe.
 */
final class CredentialRule {
    private final boolean passthrough;
    private final List<ManagedCredential> managed;

    CredentialRule(WarderConfig config) {
        this(config.passthrough(), config.upstream().credentials());
    }

    CredentialRule(boolean passthrough, List<ManagedCredential> managed) {
        this.passthrough = passthrough;
        this.managed = List.copyOf(managed);
    }

    /** Decides about one request. */
    CredentialChoice choose(Client client, OwnCredential brought) {
        return own(client, brought).or(() -> managed(client)).orElseGet(() -> new CredentialChoice.Refused(refusal()));
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

    private Optional<CredentialChoice> managed(Client client) {
        return client.has(Right.MANAGED)
                ? managed.stream()
                        .flatMap(each ->
                                each instanceof ManagedCredential.Fixed fixed ? Stream.of(fixed) : Stream.empty())
                        .findFirst()
                        .map(first -> new CredentialChoice.Managed(first.name(), UpstreamCredential.of(first)))
                : Optional.empty();
    }

    private ErrorReply refusal() {
        if (!managed.isEmpty()) {
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
