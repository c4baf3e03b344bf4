package dev.warder.ledger;

import dev.warder.ledger.store.Backlog;
import dev.warder.ledger.store.Intent;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A backlog in memory, of at most 10,000 requests; rows of more are lost. */
final class QueueBacklog implements Backlog {
    /** The most requests that wait. */
    static final int LIMIT = 10_000;

    private static final int BATCH = 200;

    private final Queue<Intent.Settled> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    /** Used by the thread that stores. */
    private List<Intent.Settled> current = List.of();

    @Override
    public boolean add(Intent.Settled settled) {
        if (size.incrementAndGet() > LIMIT) {
            size.decrementAndGet();
            return false;
        }
        queue.add(settled);
        return true;
    }

    @Override
    public Batch next() {
        if (current.isEmpty()) {
            var batch = new ArrayList<Intent.Settled>();
            for (var each = queue.poll(); each != null; each = batch.size() < BATCH ? queue.poll() : null) {
                batch.add(each);
            }
            current = List.copyOf(batch);
        }
        return new Batch(current, queue.isEmpty());
    }

    @Override
    public void stored() {
        size.addAndGet(-current.size());
        current = List.of();
    }
}
