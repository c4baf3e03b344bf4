package dev.warder.credential;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A login that a test takes out of use. */
record LoginSource(String name, Map<String, String> reasons) implements CredentialSource {
    @Override
    public Kind kind() {
        return Kind.OAUTH;
    }

    @Override
    public CompletionStage<UpstreamCredential> current() {
        return CompletableFuture.completedFuture(new UpstreamCredential.BearerToken("t".repeat(20), true));
    }

    @Override
    public CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused) {
        return current();
    }

    @Override
    public boolean renewable() {
        return true;
    }

    @Override
    public Optional<String> outOfUse() {
        return Optional.ofNullable(reasons.get(name));
    }
}
