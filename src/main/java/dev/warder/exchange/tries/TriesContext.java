package dev.warder.exchange.tries;

import dev.warder.credential.Candidates;
import dev.warder.credential.UpstreamCredential;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The common tools of all tries.
 *
 * @param api the upstream of callers' own credentials
 * @param rejected asks about a value that the upstream refused with 401, and that no other one takes the place of
 * @param runningTime a clock that never goes back, and goes on only while the program runs
 */
public record TriesContext(
        Provider api,
        BiConsumer<Candidates.Use, UpstreamCredential> rejected,
        Replays replays,
        LongSupplier runningTime) {

    /**
     * The budget for sending a request a third time or more often: a fifth of the open exchanges, at least three, so that an
     * upstream in trouble is not asked by many times the clients there are. Thread-safe.
     */
    public static final class Replays {
        private static final int LEAST = 3;
        private static final int SHARE = 5;

        private final IntSupplier open;
        private final AtomicInteger running = new AtomicInteger();

        public Replays(IntSupplier open) {
            this.open = open;
        }

        boolean enter() {
            if (running.incrementAndGet() <= Math.max(LEAST, open.getAsInt() / SHARE)) {
                return true;
            }
            leave();
            return false;
        }

        void leave() {
            running.decrementAndGet();
        }
    }
}
