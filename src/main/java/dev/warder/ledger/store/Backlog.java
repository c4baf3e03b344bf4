package dev.warder.ledger.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Ended requests that are not stored yet. {@link #add} does not wait; one thread at a time calls the rest. */
public interface Backlog {
    /**
     * The next items to store.
     *
     * @param settled in the order in which it was added
     * @param last whether there was nothing after it when it was made
     * @param killed all that killed runs of this node, whose rows are all stored with this batch or before it, may have spent in
     *     addition to them, in nano-dollars: by run and period, what their open requests held; a run without any is there too
     */
    record Batch(List<Intent.Settled> settled, boolean last, Map<UUID, Map<PeriodKey, Long>> killed) {
        public Batch(List<Intent.Settled> settled, boolean last) {
            this(settled, last, Map.of());
        }
    }

    /** Adds what has ended; false if the backlog is full, and it is lost. On any thread. */
    boolean add(Intent.Settled settled);

    Batch next() throws IOException;

    /** The last batch is stored, or will never be. */
    void stored() throws IOException;

    /** The store will never take a row of the last batch. */
    default void refused() {}

    /** Whether something is kept only until the store has made it durable: what was stored before this call. */
    default boolean keepsStored() {
        return false;
    }

    default void durable() throws IOException {}

    /** How many of the rows that were added are lost since, for example because a disk is full. */
    default long lostLater() {
        return 0;
    }

    /** A backlog in memory, of at most 10,000 requests and a batch that is being stored; rows of more are lost. */
    final class InMemory implements Backlog {
        /** The most requests that wait. */
        public static final int LIMIT = 10_000;

        private static final int BATCH = 200;

        private final BlockingQueue<Intent.Settled> queue = new LinkedBlockingQueue<>(LIMIT);

        /** Used by the thread that stores. */
        private final List<Intent.Settled> current = new ArrayList<>();

        @Override
        public boolean add(Intent.Settled settled) {
            return queue.offer(settled);
        }

        @Override
        public Batch next() {
            if (current.isEmpty()) {
                queue.drainTo(current, BATCH);
            }
            return new Batch(List.copyOf(current), queue.isEmpty());
        }

        @Override
        public void stored() {
            current.clear();
        }
    }
}
