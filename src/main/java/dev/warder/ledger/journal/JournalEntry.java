package dev.warder.ledger.journal;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file of a journal with what is known of it. The thread that appends counts its open intents and completes it, the one that
 * stores follows its reading; each may ask what the other one knows.
 */
final class JournalEntry {
    private final JournalFile file;
    private final boolean earlier;
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean complete;

    // How far it has been read, for the thread that stores.
    private long offset;
    private long finishedAt;
    private boolean finished;
    private boolean unreadable;
    private int failures;

    private JournalEntry(JournalFile file, boolean earlier) {
        this.file = file;
        this.earlier = earlier;
        this.complete = earlier;
    }

    static JournalEntry earlier(JournalFile file) {
        return new JournalEntry(file, true);
    }

    static JournalEntry ofThisRun(JournalFile file) {
        return new JournalEntry(file, false);
    }

    JournalFile file() {
        return file;
    }

    boolean earlier() {
        return earlier;
    }

    void complete() {
        complete = true;
    }

    boolean isComplete() {
        return complete;
    }

    void intentBegins() {
        open.incrementAndGet();
    }

    void intentEnds() {
        open.decrementAndGet();
    }

    boolean hasOpenIntents() {
        return open.get() > 0;
    }

    long offset() {
        return offset;
    }

    void storedUpTo(long end) {
        offset = end;
    }

    /** Whether no record follows: the file is complete and read, or what follows cannot be read. */
    boolean finished() {
        return finished;
    }

    void finish(long nanoTime) {
        if (!finished) {
            finished = true;
            finishedAt = nanoTime;
        }
    }

    /** Whether it was finished at least {@code nanos} before {@code now}. */
    boolean finishedFor(long nanos, long now) {
        return finished && now - finishedAt >= nanos;
    }

    /** Counts a failed attempt to read, and returns how many there were in a row. */
    int fail() {
        failures++;
        return failures;
    }

    void succeed() {
        failures = 0;
    }

    void giveUp() {
        unreadable = true;
    }

    /** Whether the rest of it cannot be read: it is kept under another name. */
    boolean isUnreadable() {
        return unreadable;
    }
}
