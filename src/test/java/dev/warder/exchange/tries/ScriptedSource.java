package dev.warder.exchange.tries;

import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialUnavailableException;
import dev.warder.credential.UpstreamCredential;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A credential whose values come at once, later, or never, or fail, as a seed has it.
 *
 * @param later runs a task at some time
 * @param fault throws now and then
 */
record ScriptedSource(String name, boolean renewable, Random random, Consumer<Runnable> later, Runnable fault)
        implements CredentialSource {
    @Override
    public Kind kind() {
        return renewable ? Kind.OAUTH : Kind.API_KEY;
    }

    @Override
    public CompletionStage<UpstreamCredential> current() {
        return value();
    }

    @Override
    public CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused) {
        return value();
    }

    @Override
    public Optional<String> outOfUse() {
        return Optional.empty();
    }

    private CompletionStage<UpstreamCredential> value() {
        fault.run();
        var value = new CompletableFuture<UpstreamCredential>();
        int when = random.nextInt(12);
        if (when < 6) {
            come(value);
        } else if (when < 11) {
            later.accept(() -> come(value));
        }
        return value;
    }

    private void come(CompletableFuture<UpstreamCredential> value) {
        switch (random.nextInt(12)) {
            case 0 -> value.completeExceptionally(CredentialUnavailableException.passing("later"));
            case 1 -> value.completeExceptionally(CredentialUnavailableException.terminal("see to it"));
            default -> value.complete(RenewedSource.token(name));
        }
    }
}
