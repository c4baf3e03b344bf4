package dev.warder.container;

import dev.warder.container.ClientThreads.ClientStreams;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that may wait for clients. There is a limit; tasks above it wait. An exchange holds a thread only while its client
 * sends the body, and while there is something to write; a quiet stream holds none. Reads never hold more than half of the
 * threads, so that clients that pause in their uploads delay no response.
 *
 * <p>Thread-safe.
 */
final class OwnThreads implements ClientThreads, Executor {
    private static final Logger LOG = LoggerFactory.getLogger(OwnThreads.class);

    private static final int PLATFORM_THREADS = 512;

    private static final long END_SECONDS = 5;

    private final ExecutorService threads;
    private final ConcurrencyLimit all;
    private final ConcurrencyLimit reads;

    private OwnThreads(ThreadFactory factory, int limit) {
        threads = Pools.unlimited(factory);
        int half = Math.max(1, limit / 2);
        all = new ConcurrencyLimit(threads, limit, () -> {});
        reads = new ConcurrencyLimit(
                all,
                half,
                () -> LOG.warn(
                        "{} uploads are read at once, others wait: from JDK 24 on there is no such bound", half));
    }

    /** Enough for both directions of every exchange where threads are cheap, else as many as a machine can hold. */
    static OwnThreads forStreams(int streams, ThreadFactory factory) {
        long both = Math.min(Integer.MAX_VALUE, 2L * streams);
        return VirtualThreads.factory("warder-client-")
                .map(virtual -> new OwnThreads(virtual, (int) both))
                .orElseGet(() -> withLimit((int) Math.min(both, PLATFORM_THREADS), factory));
    }

    static OwnThreads withLimit(int limit, ThreadFactory factory) {
        return new OwnThreads(factory, limit);
    }

    @Override
    public ClientStreams streams(ServletInputStream in, ServletOutputStream out) {
        var inFlight = new InFlightThreads(this);
        var readThreads = inFlight.on(reads);
        return new ClientStreams(new BlockingInput(in, readThreads), new BlockingOutput(out, inFlight), inFlight::last);
    }

    /**
     * Runs {@code task} on one of the threads, later if all are busy.
     *
     * @throws java.util.concurrent.RejectedExecutionException when there is no thread: the task will not run
     */
    @Override
    public void execute(Runnable task) {
        all.execute(task);
    }

    @Override
    public int busy() {
        return all.busy();
    }

    @Override
    public int limit() {
        return all.limit();
    }

    @Override
    public void close() {
        try {
            if (!all.awaitIdle(TimeUnit.SECONDS.toNanos(END_SECONDS))) {
                LOG.warn("{} threads still wait for clients that neither read nor write", busy());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            // Without an interruption: Liberty treats an interrupted wait as a completed one.
            threads.shutdown();
        }
    }

    /**
     * Counts the threads of this application that are inside the streams of one exchange. The request is returned to its
     * container when the last thread has left them. Thread-safe.
     */
    static final class InFlightThreads implements Executor {
        private final Executor threads;
        private final AtomicInteger open = new AtomicInteger(1);
        private volatile @Nullable Runnable last;

        InFlightThreads(Executor threads) {
            this.threads = threads;
        }

        /** Runs {@code task} on a thread that may wait. The end waits for it from now on. */
        @Override
        public void execute(Runnable task) {
            open.incrementAndGet();
            try {
                threads.execute(() -> runTask(task));
            } catch (RejectedExecutionException none) {
                leave();
                throw none;
            }
        }

        /**
         * Runs tasks on other threads. The end waits for them only once they have begun: a task that would begin after the end
         * does not run.
         */
        Executor on(Executor others) {
            return task -> others.execute(() -> {
                if (open.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0) {
                    runTask(task);
                }
            });
        }

        /** No task begins after this call; {@code end} runs once, after the last task, on a thread that may wait. */
        void last(Runnable end) {
            last = end;
            try {
                threads.execute(this::leave);
            } catch (RejectedExecutionException none) {
                // This thread waits, because otherwise the request would never be returned.
                leave();
            }
        }

        private void runTask(Runnable task) {
            try {
                task.run();
            } finally {
                leave();
            }
        }

        private void leave() {
            if (open.decrementAndGet() == 0) {
                Objects.requireNonNull(last).run();
            }
        }
    }

    /** Virtual threads, for code that is compiled for a Java version without them. */
    static final class VirtualThreads {
        /** Before JEP 491, a virtual thread that waited inside a {@code synchronized} method held its carrier thread. */
        private static final int FIRST_GOOD = 24;

        private VirtualThreads() {}

        /** Makes virtual threads, named by {@code prefix} and a number, if they may wait anywhere in this Java version. */
        static Optional<ThreadFactory> factory(String prefix) {
            if (Runtime.version().feature() < FIRST_GOOD) {
                return Optional.empty();
            }
            try {
                var type = Class.forName("java.lang.Thread$Builder");
                var builder = Thread.class.getMethod("ofVirtual").invoke(null);
                type.getMethod("name", String.class, long.class).invoke(builder, prefix, 1L);
                return Optional.of(
                        withOwnLoader((ThreadFactory) type.getMethod("factory").invoke(builder)));
            } catch (ReflectiveOperationException otherVirtualMachine) {
                return Optional.empty();
            }
        }

        private static ThreadFactory withOwnLoader(ThreadFactory factory) {
            return task -> {
                var thread = factory.newThread(task);
                thread.setContextClassLoader(VirtualThreads.class.getClassLoader());
                return thread;
            };
        }
    }
}
