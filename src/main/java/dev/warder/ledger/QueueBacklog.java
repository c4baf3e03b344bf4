package dev.warder.ledger;

import dev.warder.ledger.store.Backlog;
import dev.warder.ledger.store.Intent;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A backlog in memory, at most 10,000 requests; an eighth more of those that have an intent. Above that, rows are lost,
 * and only the ids of intents are kept, so that these do not stay open.
 */
final class QueueBacklog implements Backlog {
    /** The most requests that wait. */
    static final int LIMIT = 10_000;

    private static final int HEADROOM = LIMIT / 8;

    /** The most ids of intents without rows. */
    private static final int ENDS = 10 * LIMIT;

    private static final int BATCH = 200;

    private final Queue<Intent.Settled> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Queue<Intent.Settled> ends = new ConcurrentLinkedQueue<>();
    private final AtomicInteger endsSize = new AtomicInteger();

    /** Used by the thread that stores. */
    private List<Intent.Settled> current = List.of();

    /** How many of these are from {@link #ends}. */
    private int currentEnds;

    @Override
    public boolean add(Intent.Settled settled) {
        int limit = settled.intent().isPresent() ? LIMIT + HEADROOM : LIMIT;
        if (size.incrementAndGet() > limit) {
            size.decrementAndGet();
            return end(settled) && settled.rows().isEmpty();
        }
        queue.add(settled);
        return true;
    }

    /** Keeps only the intent's id; false if there is none, or no place for it. */
    private boolean end(Intent.Settled settled) {
        if (settled.intent().isEmpty()) {
            return false;
        }
        if (endsSize.incrementAndGet() > ENDS) {
            endsSize.decrementAndGet();
            return false;
        }
        ends.add(new Intent.Settled(settled.intent(), List.of()));
        return true;
    }

    @Override
    public Batch next() {
        if (current.isEmpty()) {
            var batch = new ArrayList<Intent.Settled>();
            for (var each = queue.poll(); each != null; each = batch.size() < BATCH ? queue.poll() : null) {
                batch.add(each);
            }
            currentEnds = 0;
            while (batch.size() < BATCH && !ends.isEmpty()) {
                batch.add(ends.remove());
                currentEnds++;
            }
            current = List.copyOf(batch);
        }
        return new Batch(current, queue.isEmpty() && ends.isEmpty());
    }

    @Override
    public void stored() {
        size.addAndGet(currentEnds - current.size());
        endsSize.addAndGet(-currentEnds);
        currentEnds = 0;
        current = List.of();
    }
}
