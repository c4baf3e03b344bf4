package dev.warder.credential;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;

/**
 * The failed uses of one request. They count against their credentials after another credential does better with the
 * same request, and are forgotten when the request is over (rule "Proof before blame"). Thread-safe.
 */
final class UnprovenFailures {
    /** One failed use. */
    record Failure(Health health, long begun, Outcome outcome) {
        void count() {
            health.ended(begun, outcome);
        }

        void forget() {
            health.ended(begun, new Outcome.Unknown());
        }
    }

    @GuardedBy("this")
    private List<Failure> failures = List.of();

    @GuardedBy("this")
    private boolean over;

    /** Keeps a failure, or forgets it at once if the request is over. */
    void add(Failure failure) {
        synchronized (this) {
            if (!over) {
                var longer = new ArrayList<>(failures);
                longer.add(failure);
                failures = longer;
                return;
            }
        }
        failure.forget();
    }

    /** Whether there are any. */
    synchronized boolean exist() {
        return !failures.isEmpty();
    }

    /** Counts the failures, because another credential did better. */
    void prove() {
        take(false).forEach(Failure::count);
    }

    /** Forgets the failures, because the request is over and no other credential did better. */
    void end() {
        take(true).forEach(Failure::forget);
    }

    private synchronized List<Failure> take(boolean last) {
        over |= last;
        var taken = failures;
        failures = List.of();
        return taken;
    }
}
