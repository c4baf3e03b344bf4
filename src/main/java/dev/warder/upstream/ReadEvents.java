package dev.warder.upstream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts work off until all that one read from a connection brought has been looked at: the head of an answer, its first
 * pieces and perhaps its end come in several callbacks, but can go on to a client in one write.
 *
 * <p>Thread-safe; what is put off belongs to the reactor thread that reads.
 */
final class ReadEvents implements Executor {
    /** What a reactor does when there is something to read. */
    interface Reading<X extends Exception> {
        void run() throws X;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReadEvents.class);
    private static final ThreadLocal<@Nullable Batch> BATCHES = new ThreadLocal<>();

    /** Bytes of a reactor thread's buffer: the most that one read brings. */
    static final int BUFFER = 64 * 1024;

    private static final class Batch {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        final Set<Runnable> tasks = new LinkedHashSet<>();
        final List<Runnable> releases = new ArrayList<>();

        @Nullable
        IOSession session;

        boolean open;
    }

    /**
     * Runs {@code task} once at the end of the read that this thread is about, however often it is given meanwhile; at once
     * on a thread that reads nothing.
     */
    @Override
    public void execute(Runnable task) {
        var batch = BATCHES.get();
        if (batch != null && batch.open) {
            batch.tasks.add(task);
        } else {
            task.run();
        }
    }

    /** Notes the connection that this reactor thread reads from, until the read ends. */
    void from(IOSession session) {
        batch().session = session;
    }

    /**
     * Notes that the response being read has ended, and runs {@code release}, which gives its connection back, at the end of
     * this read, before all other tasks: a connection that goes on with bytes of no response is closed by then.
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

    /** The empty buffer of this reactor thread, to be emptied again before the read ends. */
    ByteBuffer buffer() {
        return batch().buffer.clear();
    }

    /** Runs {@code reading} on a reactor thread, and then what was put off meanwhile. */
    <X extends Exception> void during(Reading<X> reading) throws X {
        var batch = batch();
        batch.open = true;
        try {
            reading.run();
        } finally {
            batch.open = false;
            batch.session = null;
            var due = new ArrayList<>(batch.releases);
            due.addAll(batch.tasks);
            batch.releases.clear();
            batch.tasks.clear();
            due.forEach(ReadEvents::runGuarded);
        }
    }

    /** The tasks belong to different exchanges: one that fails takes no other along, and not the connection either. */
    private static void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable fault) {
            LOG.error("A fault ended what was put off until after a read", fault);
        }
    }

    /** Made on reactor threads only: a container's thread would keep it beyond the application's life. */
    private Batch batch() {
        var batch = BATCHES.get();
        if (batch == null) {
            batch = new Batch();
            BATCHES.set(batch);
        }
        return batch;
    }
}
