package dev.warder.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Returns a request to its container, once, when no thread reads its body any more. Thread-safe. */
public final class RequestCompletion {
    private static final Logger LOG = LoggerFactory.getLogger(RequestCompletion.class);
    private static final long LONGEST_SECONDS = 1;

    private final SerialTurn reading;
    private final Executor last;
    private final AsyncContext async;
    private final BreakOffs breakOffs;
    private final AtomicBoolean breaking = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private final CountDownLatch returned = new CountDownLatch(1);
    private volatile boolean ended;

    /**
     * @param reading ends with the response: after that the request belongs to the container
     * @param last runs the end after everything that was written
     * @param breakOffs counts this response while the container breaks it off
     */
    public RequestCompletion(SerialTurn reading, Executor last, AsyncContext async, BreakOffs breakOffs) {
        this.breakOffs = breakOffs;
        this.reading = reading;
        this.last = last;
        this.async = async;
    }

    public void complete() {
        end(async::complete, async::dispatch);
    }

    public void breakOff() {
        if (!breakOffs.areByDispatch()) {
            end(this::completeAsFailed, async::dispatch);
            return;
        }
        if (!over.get() && !breaking.getAndSet(true)) {
            breakOffs.begin();
            if (ended) {
                endBreakOff();
            }
        }
        end(async::dispatch, async::complete);
    }

    public boolean endedByContainer() {
        ended = true;
        endBreakOff();
        boolean byItself = !over.getAndSet(true);
        if (byItself) {
            returned.countDown();
            reading.end(() -> {});
        }
        return byItself;
    }

    /** Whether the request was returned to the container, or the container has ended it: nothing of it may be used. */
    public boolean isOver() {
        return over.get();
    }

    /** True if the request goes back to its container as soon as another thread has read what it reads now. */
    public boolean waitsForReader() {
        return reading.over() && reading.isHeldElsewhere();
    }

    /** Waits until another thread ends its use of the request and returns it to its container, 1 s at most. */
    public void awaitReturn() {
        try {
            returned.await(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void completeAsFailed() {
        var response = (HttpServletResponse) async.getResponse();
        if (!response.isCommitted()) {
            response.reset();
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        }
        async.complete();
    }

    private void endBreakOff() {
        if (breaking.getAndSet(false)) {
            breakOffs.end();
        }
    }

    /** Ends a request for which no exchange was started. Never throws. */
    public static void completeNow(AsyncContext async) {
        tryBoth(async::complete, async::dispatch);
    }

    private void end(Runnable way, Runnable other) {
        reading.end(() -> {
            try {
                last.execute(() -> {
                    if (!over.getAndSet(true)) {
                        tryBoth(way, other);
                    }
                });
            } finally {
                returned.countDown();
            }
        });
    }

    /** Where the first way fails for whatever reason, the other way to end a request is better than none. */
    private static void tryBoth(Runnable way, Runnable other) {
        try {
            way.run();
        } catch (UnsupportedOperationException stopping) {
            // Tomcat dispatches no request to an application that it stops, and ends the request by a timeout of its
            // own.
        } catch (Throwable fault) {
            tryOther(other, fault);
        }
    }

    private static void tryOther(Runnable other, Throwable why) {
        try {
            other.run();
            LOG.error("A container failed to end a request, which was ended in the other way", why);
        } catch (IllegalStateException alreadyEnded) {
            // The container is ending the request after an error of its own.
        } catch (Throwable fault) {
            LOG.error("A container failed to end a request", fault);
        }
    }

    /**
     * How a container is asked to break responses off, and the number of those that it was asked to break off and has not ended
     * yet. Thread-safe.
     */
    public static final class BreakOffs {
        private final boolean byDispatch;
        private final boolean byClose;

        @GuardedBy("this")
        private int open;

        public BreakOffs(Container container) {
            byDispatch = !container.printsFailedDispatches();
            byClose = container.keepsConnectionsOfCutResponses();
        }

        boolean areByDispatch() {
            return byDispatch;
        }

        /**
         * Adds {@code Connection: close} to the head of a response that may be broken off, where the container would keep the
         * connection open afterwards and the client would wait for the rest of the content.
         */
        public void prepare(HttpServletResponse response) {
            if (byClose) {
                response.setHeader("Connection", "close");
            }
        }

        synchronized void begin() {
            open++;
        }

        synchronized void end() {
            open--;
            notifyAll();
        }

        /** Waits at most {@code millis} until there are none. */
        public synchronized void awaitNone(long millis) throws InterruptedException {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            long end = System.nanoTime() + nanos;
            for (long left = nanos; open > 0 && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
    }
}
