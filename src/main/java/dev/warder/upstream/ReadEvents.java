package dev.warder.upstream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Defers tasks until everything that one read from a connection returned has been processed. The head of a response,
 * its first pieces and perhaps its end come in several callbacks, but can be sent to a client in one write.
 *
 * <p>Thread-safe; deferred tasks belong to the reactor thread that reads.
 */
final class ReadEvents implements Executor {
    /** A reactor's action when there is something to read. */
    interface Reading<X extends Exception> {
        void run() throws X;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReadEvents.class);
    private static final ThreadLocal<@Nullable Batch> BATCHES = new ThreadLocal<>();

    /** Bytes of a reactor thread's buffer, the most that one read returns: a response of 64 KiB comes with its head. */
    static final int BUFFER = 72 * 1024;

    private static final class Batch {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        final Set<Runnable> further = new LinkedHashSet<>();
        final List<Runnable> releases = new ArrayList<>();

        /** The first of the tasks: a read seldom brings more than one. */
        @Nullable
        Runnable task;

        @Nullable
        IOSession session;

        boolean open;
    }

    /**
     * Runs {@code task} once at the end of this thread's current read, however often it is passed meanwhile; at once on
     * a thread that reads nothing.
     */
    @Override
    public void execute(Runnable task) {
        var batch = BATCHES.get();
        if (batch == null || !batch.open) {
            task.run();
        } else if (batch.task == null) {
            batch.task = task;
        } else if (!task.equals(batch.task)) {
            batch.further.add(task);
        }
    }

    /** Notes the connection that this reactor thread reads from, until the read ends. */
    void from(IOSession session) {
        batch().session = session;
    }

    /**
     * Notes that the response being read has ended. Runs {@code release}, which returns its connection to the pool, at
     * the end of this read, before all other tasks. A connection that has sent bytes after its response is closed by
     * then.
     */
    void responseEnded(Runnable release) {
        var batch = BATCHES.get();
        if (batch == null || !batch.open) {
            release.run();
            return;
        }
        if (batch.session instanceof PausableSession session) {
            session.responseEnded();
        }
        batch.releases.add(release);
    }

    /** Returns the empty buffer of this reactor thread; it must be emptied again before the read ends. */
    ByteBuffer buffer() {
        return batch().buffer.clear();
    }

    /** Runs {@code reading} on a reactor thread, and then the tasks that were deferred meanwhile. */
    <X extends Exception> void during(Reading<X> reading) throws X {
        var batch = batch();
        batch.open = true;
        try {
            reading.run();
        } finally {
            batch.open = false;
            batch.session = null;
            // Taken first, since a task may cause a read.
            var releases = taken(batch.releases);
            var task = batch.task;
            batch.task = null;
            var further = taken(batch.further);
            releases.forEach(ReadEvents::runGuarded);
            if (task != null) {
                runGuarded(task);
            }
            further.forEach(ReadEvents::runGuarded);
        }
    }

    private static List<Runnable> taken(Collection<Runnable> tasks) {
        var taken = List.copyOf(tasks);
        tasks.clear();
        return taken;
    }

    /** The tasks belong to different exchanges: one that fails affects neither the others nor the connection. */
    private static void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable fault) {
            LOG.error("A fault ended what was put off until after a read", fault);
        }
    }

    /** Made on reactor threads only: a container's thread would keep it beyond the end of the application. */
    private Batch batch() {
        var batch = BATCHES.get();
        if (batch == null) {
            batch = new Batch();
            BATCHES.set(batch);
        }
        return batch;
    }
}
