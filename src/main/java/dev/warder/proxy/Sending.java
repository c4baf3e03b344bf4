package dev.warder.proxy;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How far one sending of a request has come. Thread-safe; called on the reactor's threads. */
final class Sending implements RequestProgress {
    private final Deadlines deadlines;
    private final LongSupplier nanoTime;
    private final Runnable over;
    private volatile @Nullable CollectedContent collected;
    private volatile boolean sentAll;
    private volatile boolean released;

    /** @param over is run when the content may not be needed any more */
    Sending(Deadlines deadlines, LongSupplier nanoTime, Runnable over) {
        this.deadlines = deadlines;
        this.nanoTime = nanoTime;
        this.over = over;
    }

    /** There is no content. */
    void nothing() {
        sentAll = true;
        released = true;
    }

    /** This is the content. */
    void content(CollectedContent body) {
        collected = body;
    }

    /** The response has begun and is passed on: the content will not be sent again. */
    void answered() {
        var body = collected;
        if (body != null) {
            body.answered();
        }
    }

    /** The content is not needed again. */
    void giveUp() {
        var body = collected;
        if (body != null) {
            body.giveUp();
        }
    }

    /** Whether the upstream took the last byte. */
    boolean isWhole() {
        return sentAll;
    }

    /** Whether no further part of the content will be requested, once the response has begun. */
    boolean isOver() {
        return sentAll || released;
    }

    @Override
    public void begunAgain() {
        sentAll = false;
        released = false;
    }

    @Override
    public void sent() {
        deadlines.upstreamMoved(nanoTime.getAsLong());
    }

    @Override
    public void sentAll() {
        sent();
        sentAll = true;
        over.run();
    }

    @Override
    public void released() {
        released = true;
        over.run();
    }
}
