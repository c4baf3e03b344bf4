package dev.warder.oauth.renewal;

import dev.warder.credential.source.UpstreamCredential;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** Callers that wait for a renewal, each for at most 10 s. One thread at a time. */
final class Waiters {
    private static final long LONGEST_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanoTime;
    private final List<Waiter> all = new ArrayList<>();

    Waiters(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Adds a caller that does not want {@code refused} again. */
    CompletionStage<UpstreamCredential> add(String refused) {
        var result = new CompletableFuture<UpstreamCredential>();
        all.add(new Waiter(result, refused, nanoTime.getAsLong()));
        return result;
    }

    /** Removes and returns the callers that have waited for too long. */
    List<Waiter> takeLate() {
        long now = nanoTime.getAsLong();
        var late = all.stream()
                .filter(waiter -> now - waiter.since() >= LONGEST_NANOS)
                .toList();
        all.removeAll(late);
        return late;
    }

    /** Removes and returns all callers. */
    List<Waiter> takeAll() {
        var everybody = List.copyOf(all);
        all.clear();
        return everybody;
    }
}
