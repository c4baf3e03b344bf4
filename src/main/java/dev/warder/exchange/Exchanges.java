package dev.warder.exchange;

import dev.warder.container.Container;
import dev.warder.container.RequestCompletion.BreakOffs;
import dev.warder.exchange.tries.TriesContext.Replays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * All open exchanges: how many there may be, and who looks after their deadlines. One periodic look at all of them is
 * cheaper than a timer for each, which every event of every stream would have to move. Thread-safe.
 */
public final class Exchanges {
    /** The handling of requests. */
    private enum Stage {
        SERVING,
        DRAINING,
        ENDING
    }

    /** The decision about the opening of a request. */
    enum Reservation {
        GRANTED,
        CLIENT_FULL,
        FULL
    }

    private final int limit;
    private final LongSupplier nanoTime;
    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final ClientCounts clients = new ClientCounts();
    private final AtomicLong longestQueue = new AtomicLong();
    private final Object emptied = new Object();
    final Container container;
    final BreakOffs breakOffs;
    final boolean closesInputAtLength;
    /**
     * Whether a response that comes during the upload has no length, so that it does not close the input. Not where a cut response
     * can be recognized by its length alone: that it is whole weighs more than the connection.
     */
    final boolean earlyWithoutLength;

    private final Replays replays = new Replays(count::get);
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.SERVING);

    /** @param limit how many may be open at once ({@code limits.streams}) */
    public Exchanges(int limit, Container container, LongSupplier nanoTime) {
        this.limit = limit;
        this.container = container;
        this.breakOffs = new BreakOffs(container);
        this.closesInputAtLength = container.closesInputAtLength();
        this.earlyWithoutLength = closesInputAtLength && !container.keepsConnectionsOfCutResponses();
        this.nanoTime = nanoTime;
    }

    public int open() {
        return count.get();
    }

    /** The most bytes that ever waited for one client since the start. */
    public long longestQueue() {
        return longestQueue.get();
    }

    /** Looks at every exchange's deadlines; called some times a second by a timer. */
    public void sweep() {
        long now = nanoTime.getAsLong();
        open.forEach(exchange -> exchange.check(now));
    }

    void drain() {
        stage.compareAndSet(Stage.SERVING, Stage.DRAINING);
    }

    boolean isDraining() {
        return stage.get() != Stage.SERVING;
    }

    boolean isEnding() {
        return stage.get() == Stage.ENDING;
    }

    /**
     * Ends every open exchange: with an {@code error} event where a stream runs, with 503 where no response has begun. The
     * second call gives up those whose clients have their refusal and go on sending.
     */
    public void endAll() {
        stage.set(Stage.ENDING);
        open.forEach(Exchange::drained);
    }

    public void abandonAll() {
        open.forEach(Exchange::abandon);
    }

    /**
     * Waits until no exchange is open.
     *
     * @return false when some were still open after {@code millis}
     */
    public boolean awaitEmpty(long millis) throws InterruptedException {
        // The other clock may stop together with the timer.
        long end = System.nanoTime() + millis * 1_000_000;
        synchronized (emptied) {
            while (count.get() > 0) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                emptied.wait(left);
            }
        }
        return true;
    }

    /**
     * Reserves a place for one more request of {@code client}, if there is one.
     *
     * @param share how many of them that client may have at once
     */
    Reservation reserve(String client, int share) {
        if (!clients.add(client, share)) {
            return count.get() < limit || share < limit ? Reservation.CLIENT_FULL : Reservation.FULL;
        }
        if (count.incrementAndGet() <= limit) {
            return Reservation.GRANTED;
        }
        freeShare(client);
        release();
        return Reservation.FULL;
    }

    /** Waits until the container has ended what it was asked to break off, {@code millis} at most. */
    public void awaitBrokenOff(long millis) throws InterruptedException {
        breakOffs.awaitNone(millis);
    }

    public Replays replays() {
        return replays;
    }

    void enter(Exchange exchange) {
        open.add(exchange);
        if (isEnding()) {
            exchange.drained();
        }
    }

    void leave(Exchange exchange) {
        open.remove(exchange);
        release();
    }

    void queued(long bytes) {
        if (bytes > longestQueue.get()) {
            longestQueue.accumulateAndGet(bytes, Math::max);
        }
    }

    /** Gives back the client's part of what {@link #reserve} took: it has its response. */
    void freeShare(String client) {
        clients.remove(client);
    }

    /** Gives back the rest, for a request that never became an exchange. */
    void release() {
        if (count.decrementAndGet() == 0) {
            synchronized (emptied) {
                emptied.notifyAll();
            }
        }
    }

    /** How many requests of each client are open. Holds only clients that have some. Thread-safe. */
    private static final class ClientCounts {
        private final Map<String, Integer> counts = new ConcurrentHashMap<>();

        boolean add(String client, int most) {
            boolean[] added = {false};
            counts.compute(client, (name, count) -> {
                int open = count == null ? 0 : count;
                added[0] = open < most;
                return added[0] ? Integer.valueOf(open + 1) : count;
            });
            return added[0];
        }

        void remove(String client) {
            counts.computeIfPresent(client, (name, count) -> count == 1 ? null : count - 1);
        }
    }
}
