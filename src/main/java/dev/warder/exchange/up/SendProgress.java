package dev.warder.exchange.up;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.exchange.up.CollectedContent.RequestProgress;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How far the request of one try is sent. Thread-safe; called on the reactor's threads. */
public final class SendProgress implements RequestProgress {
    /** The part of the content that is still requested. */
    private enum Rest {
        SOME,
        RELEASED,
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

    public SendProgress(Deadlines deadlines, LongSupplier nanoTime, Runnable over) {
        this.deadlines = deadlines;
        this.nanoTime = nanoTime;
        this.over = over;
    }

    synchronized void nothing() {
        rest = Rest.NONE;
    }

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

    public void giveUp() {
        var body = content();
        if (body != null) {
            body.giveUp();
        }
    }

    public synchronized boolean isWhole() {
        return rest == Rest.NONE;
    }

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
