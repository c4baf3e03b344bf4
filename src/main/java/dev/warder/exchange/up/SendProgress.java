package dev.warder.exchange.up;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How far the request of one try is sent. Thread-safe; called on the reactor's threads. */
public final class SendProgress implements RequestProgress {
    /** The part of the content that is still requested. */
    private enum Rest {
        /** A part of it, or all. */
        SOME,
        /** Nothing, although the upstream may not have taken the last byte. */
        RELEASED,
        /** Nothing: the upstream took the last byte, or there is none. */
        NONE
    }

    private final Deadlines deadlines;
    private final LongSupplier nanoTime;
    private final Runnable over;

    @GuardedBy("this")
    private @Nullable CollectedContent collected;

    @GuardedBy("this")
    private Rest rest = Rest.SOME;

    @GuardedBy("this")
    private boolean begun;

    private volatile Runnable whole = () -> {};
    private volatile LongConsumer moved = bytes -> {};

    /** @param over is run when the content may not be needed any more */
    public SendProgress(Deadlines deadlines, LongSupplier nanoTime, Runnable over) {
        this.deadlines = deadlines;
        this.nanoTime = nanoTime;
        this.over = over;
    }

    /** There is no content. */
    synchronized void nothing() {
        rest = Rest.NONE;
    }

    /** This is the content. */
    synchronized void content(CollectedContent body) {
        collected = body;
    }

    /** Reports the number of bytes that the upstream takes each time. */
    SendProgress reportingTo(LongConsumer taken) {
        moved = taken;
        return this;
    }

    /** Runs {@code action} when the upstream has the last byte of the content, if there is content; set before sending. */
    public void whenWhole(Runnable action) {
        whole = action;
    }

    /** The request is sent, or a part of it: a failure from now on may be of its making. */
    public synchronized void begun() {
        begun = true;
    }

    /** Whether any of the request may have been sent. */
    public synchronized boolean hasBegun() {
        return begun;
    }

    /** The response has begun and is passed on: the content will not be sent again. */
    public void responseBegan() {
        var body = content();
        if (body != null) {
            body.responseBegan();
        }
    }

    /** The content is not needed again. */
    public void giveUp() {
        var body = content();
        if (body != null) {
            body.giveUp();
        }
    }

    /** Whether the upstream took the last byte. */
    public synchronized boolean isWhole() {
        return rest == Rest.NONE;
    }

    /** Whether no further part of the content will be requested, once the response has begun. */
    public synchronized boolean isOver() {
        return rest != Rest.SOME;
    }

    @Override
    public synchronized void begunAgain() {
        rest = Rest.SOME;
    }

    @Override
    public void due() {
        deadlines.upstreamMoved(nanoTime.getAsLong());
    }

    @Override
    public void sent(int bytes) {
        deadlines.upstreamMoved(nanoTime.getAsLong());
        moved.accept(bytes);
    }

    @Override
    public void sentAll() {
        sent(0);
        nothing();
        whole.run();
        over.run();
    }

    @Override
    public void released() {
        release();
        over.run();
    }

    private synchronized void release() {
        if (rest == Rest.SOME) {
            rest = Rest.RELEASED;
        }
    }

    private synchronized @Nullable CollectedContent content() {
        return collected;
    }
}
