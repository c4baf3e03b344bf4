package dev.warder.credential;

import dev.warder.auth.Client;
import dev.warder.config.Secret;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A credential of the operator, one entry of {@code upstream.credentials}. Thread-safe. */
public sealed interface ManagedCredential {
    String name();

    /** Its share where credentials are {@link ManagedSettings.PoolOrder#WEIGHTED}, at least 1. */
    int weight();

    /**
     * A key or token that was set by hand, and its own source: its secret is looked up at each use, because files of secrets
     * rotate.
     *
     * @param bearer whether a value of unknown prefix travels as {@code Authorization: Bearer} and not as {@code x-api-key}
     */
    record Fixed(String name, int weight, boolean bearer, Secret secret)
            implements ManagedCredential, CredentialSource {
        @Override
        public Kind kind() {
            if (UpstreamCredential.of(this) instanceof UpstreamCredential.BearerToken token) {
                return token.oauth() ? Kind.OAUTH : Kind.BEARER;
            }
            return Kind.API_KEY;
        }

        @Override
        public CompletionStage<UpstreamCredential> current(Client client) {
            return CompletableFuture.completedFuture(UpstreamCredential.of(this));
        }

        @Override
        public CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused) {
            return CompletableFuture.failedFuture(
                    CredentialSource.UnavailableException.passing("it is set by hand and has nothing to renew"));
        }
    }

    /** A login of the operator's OAuth client, settings {@code oauth.*}; at most one. */
    record Login(String name, int weight) implements ManagedCredential {}

    /** Workload identity, settings {@code federation.*}; at most one. */
    record WorkloadIdentity(String name, int weight) implements ManagedCredential {}
}
