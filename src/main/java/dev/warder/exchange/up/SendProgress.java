package dev.warder.exchange.up;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/** How far the request of one try is sent. Thread-safe; called on the reactor's threads. */
public class SendProgress {
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
    private @Nullable RequestContent content;

    @GuardedBy("this")
    private Rest rest = Rest.NONE;

    private volatile Runnable whole = () -> {};
    private volatile LongConsumer moved = bytes -> {};

    public SendProgress(Deadlines deadlines, LongSupplier nanoTime, Runnable over) {
        this.deadlines = deadlines;
        this.nanoTime = nanoTime;
        this.over = over;
    }

    /** The request has content; before it is sent. */
    public synchronized SendProgress with(RequestContent body) {
        content = body;
        rest = Rest.SOME;
        return this;
    }

    public synchronized @Nullable RequestContent content() {
        return content;
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

    public synchronized boolean isWhole() {
        return rest == Rest.NONE;
    }

    public synchronized boolean isOver() {
        return rest != Rest.SOME;
    }

    /** The content is sent again from its beginning: earlier reports do not hold any longer. */
    synchronized void begunAgain() {
        rest = Rest.SOME;
    }

    /** There is something to take again, after the upstream had taken all; called on the thread that read it, before. */
    void due() {
        deadlines.upstreamMoved(nanoTime.getAsLong());
    }

    /** The upstream took this many bytes. */
    void sent(int bytes) {
        deadlines.upstreamMoved(nanoTime.getAsLong());
        moved.accept(bytes);
    }

    void sentAll() {
        sent(0);
        end(Rest.NONE);
        whole.run();
        over.run();
    }

    /** No further part of the content will be requested. May come before {@link #sentAll} and more than once. */
    void released() {
        end(Rest.RELEASED);
        over.run();
    }

    private synchronized void end(Rest how) {
        if (rest == Rest.SOME || how == Rest.NONE) {
            rest = how;
        }
    }

    /**
     * A body on its way up, as HttpCore asks for it. Its type and coding travel as the fields that they came in; it cannot be
     * requested twice. The exchange with the upstream reports its failures.
     */
    public interface RequestContent extends AsyncEntityProducer {
        /** The response has begun: from now on only what was not sent yet is held. On any thread. */
        default void responseBegan() {}

        /** The content is not needed again, however much was sent. On any thread. */
        default void giveUp() {}

        @Override
        default void failed(Exception reported) {}

        @Override
        default boolean isRepeatable() {
            return false;
        }

        @Override
        default @Nullable String getContentType() {
            return null;
        }

        @Override
        default @Nullable String getContentEncoding() {
            return null;
        }

        @Override
        default boolean isChunked() {
            return getContentLength() < 0;
        }

        @Override
        default Set<String> getTrailerNames() {
            return Set.of();
        }
    }
}
