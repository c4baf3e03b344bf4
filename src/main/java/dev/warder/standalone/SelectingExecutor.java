package dev.warder.standalone;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Lets a connection go on, after an answer was completed on one of the upstream's threads, on a thread that selects anyway.
 * Jetty would wake up a pooled thread for each answer, which finds nothing to read and wakes up the selector in turn. That
 * is safe where the application never blocks. Everything else runs in the pool. Thread-safe.
 */
final class SelectingExecutor implements Executor {
    private final Executor pool;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile ManagedSelector[] selectors = {};

    SelectingExecutor(Executor pool) {
        this.pool = pool;
    }

    /** To be called once the connector has started; until then everything runs in the pool. */
    void use(ServerConnector connector) {
        selectors =
                connector.getSelectorManager().getBeans(ManagedSelector.class).toArray(ManagedSelector[]::new);
    }

    @Override
    public void execute(Runnable task) {
        if (task instanceof Connection) {
            select(task);
        } else {
            pool.execute(task);
        }
    }

    /** Runs a task that never blocks on a thread that selects, when it comes round the next time. */
    void select(Runnable task) {
        var all = selectors;
        if (all.length > 0) {
            all[Math.floorMod(turn.getAndIncrement(), all.length)].submit(selector -> task.run());
        } else {
            pool.execute(task);
        }
    }
}
