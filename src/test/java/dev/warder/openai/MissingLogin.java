package dev.warder.openai;

import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialUnavailableException;
import dev.warder.credential.UpstreamCredential;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A login that has no value before a test brings one. */
final class MissingLogin implements CredentialSource {
    private Optional<UpstreamCredential> value = Optional.empty();
    private Optional<String> end = Optional.empty();

    void comes(String token) {
        value = Optional.of(UpstreamCredential.ofBearerField(token));
    }

    void endsFor(String reason) {
        end = Optional.of(reason);
    }

    @Override
    public String name() {
        return "login";
    }

    @Override
    public Kind kind() {
        return Kind.OAUTH;
    }

    @Override
    public CompletionStage<UpstreamCredential> current() {
        return value.map(CompletableFuture::completedFuture)
                .orElseGet(() -> CompletableFuture.failedFuture(CredentialUnavailableException.passing("later")));
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
        return end;
    }
}
