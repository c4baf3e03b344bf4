package dev.warder.exchange.tries;

import dev.warder.auth.Client;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.UpstreamCredential;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A managed credential whose value renews itself when the test says so.
 *
 * @param first the value that there is
 * @param renewal what a renewal brings
 */
record RenewedSource(
        String name,
        boolean renewable,
        CompletionStage<UpstreamCredential> first,
        CompletableFuture<UpstreamCredential> renewal)
        implements CredentialSource {
    /** One that has a value at hand. */
    RenewedSource(String name, boolean renewable, CompletableFuture<UpstreamCredential> renewal) {
        this(name, renewable, CompletableFuture.completedFuture(token("first")), renewal);
    }

    /** A login of which no value can be had. */
    static RenewedSource lost(String name) {
        return new RenewedSource(
                name,
                true,
                CompletableFuture.failedFuture(CredentialSource.UnavailableException.passing("later")),
                new CompletableFuture<>());
    }

    /** A key that was set by hand. */
    static RenewedSource key(String name) {
        return new RenewedSource(name, false, new CompletableFuture<>());
    }

    /** A login that can be renewed at once. */
    static RenewedSource login(String name) {
        return new RenewedSource(name, true, CompletableFuture.completedFuture(token("renewed")));
    }

    @Override
    public Kind kind() {
        return renewable ? Kind.OAUTH : Kind.API_KEY;
    }

    @Override
    public CompletionStage<UpstreamCredential> current(Client client) {
        return first;
    }

    @Override
    public CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused) {
        return renewal;
    }

    @Override
    public Optional<String> outOfUse() {
        return Optional.empty();
    }

    static UpstreamCredential token(String value) {
        return new UpstreamCredential.BearerToken(value, true);
    }
}
