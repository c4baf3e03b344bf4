package dev.warder.standalone;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Runs the next step of a connection on a selector thread, after one of the upstream's threads has completed a response. Jetty
 * alone would wake up a pooled thread for each response; that thread finds nothing to read and wakes up the selector in turn.
 * Selector threads are safe where the application never blocks. All other tasks run in the pool. Thread-safe.
 */
final class SelectingExecutor implements Executor {
    private final Executor pool;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile ManagedSelector[] selectors = {};

    SelectingExecutor(Executor pool) {
        this.pool = pool;
    }

    /** To be called after the connector has started; until then everything runs in the pool. */
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

    /** Runs a task that never blocks on a selector thread, in that thread's next turn. */
    void select(Runnable task) {
        var all = selectors;
        if (all.length > 0) {
            all[Math.floorMod(turn.getAndIncrement(), all.length)].submit(selector -> task.run());
        } else {
            pool.execute(task);
        }
    }
}
