package dev.warder.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Threads that read and check large request bodies where the container calls the application on selector threads, which all
 * connections need: the standalone form. One turn reads one piece of a body, and the turns go round the clients, so that one with many
 * bodies delays each of the others by one piece. There are as many threads as processors, and none without work. Thread-safe.
 */
public final class ReadTurns implements AutoCloseable {
    /** Bytes of the largest body that selector threads read. */
    private static final long SMALL = 64 * 1024;

    private final Executor selectors;
    private final int most;
    private final ThreadPoolExecutor threads;

    /** Of each client that has some; the one whose turn is next comes first. */
    @GuardedBy("this")
    private final Map<String, Queue<Runnable>> tasks = new LinkedHashMap<>();

    @GuardedBy("this")
    private int working;

    /**
     * @param selectors runs a task in a later turn of a selector thread
     * @param factory makes threads that may be waited for when the application ends
     */
    public ReadTurns(Executor selectors, ThreadFactory factory) {
        this(selectors, factory, Runtime.getRuntime().availableProcessors());
    }

    ReadTurns(Executor selectors, ThreadFactory factory, int most) {
        this.selectors = selectors;
        this.most = most;
        threads = Pools.limited(most, new LinkedBlockingQueue<>(), factory);
    }

    /**
     * The turn to read a body.
     *
     * @param length in bytes, {@link Long#MAX_VALUE} where it is not known
     * @param client whose body it is
     */
    public SerialTurn.Threads of(long length, String client) {
        if (length <= SMALL) {
            return new SerialTurn.Threads(Runnable::run, selectors);
        }
        Executor turns = task -> execute(client, task);
        return new SerialTurn.Threads(turns, turns);
    }

    private void execute(String client, Runnable task) {
        synchronized (this) {
            tasks.computeIfAbsent(client, any -> new ArrayDeque<>()).add(task);
            if (working == most) {
                return;
            }
            working++;
        }
        try {
            threads.execute(this::work);
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            work();
        }
    }

    private void work() {
        for (var task = next(); task != null; task = next()) {
            ChunkedReads.runLogged(task);
        }
    }

    private synchronized @Nullable Runnable next() {
        var clients = tasks.entrySet().iterator();
        if (!clients.hasNext()) {
            working--;
            return null;
        }
        var first = clients.next();
        clients.remove();
        var task = first.getValue().remove();
        if (!first.getValue().isEmpty()) {
            tasks.put(first.getKey(), first.getValue());
        }
        return task;
    }

    /** Ends the threads after the submitted work. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
