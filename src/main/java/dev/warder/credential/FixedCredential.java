package dev.warder.credential;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The operator's key or token, with the value that its secret has at each use. Thread-safe. */
record FixedCredential(ManagedCredential.Fixed setting) implements CredentialSource {
    @Override
    public String name() {
        return setting.name();
    }

    @Override
    public Kind kind() {
        if (UpstreamCredential.of(setting) instanceof UpstreamCredential.BearerToken token) {
            return token.oauth() ? Kind.OAUTH : Kind.BEARER;
        }
        return Kind.API_KEY;
    }

    @Override
    public CompletionStage<UpstreamCredential> current() {
        return CompletableFuture.completedFuture(UpstreamCredential.of(setting));
    }

    @Override
    public CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused) {
        return CompletableFuture.failedFuture(
                CredentialUnavailableException.passing("it is set by hand and has nothing to renew"));
    }

    @Override
    public boolean renewable() {
        return false;
    }

    @Override
    public Optional<String> outOfUse() {
        return Optional.empty();
    }
}
