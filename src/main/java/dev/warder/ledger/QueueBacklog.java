package dev.warder.ledger;

import dev.warder.ledger.store.Backlog;
import dev.warder.ledger.store.Intent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A backlog in memory, of at most 10,000 requests and a batch that is being stored; rows of more are lost. */
final class QueueBacklog implements Backlog {
    /** The most requests that wait. */
    static final int LIMIT = 10_000;

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
