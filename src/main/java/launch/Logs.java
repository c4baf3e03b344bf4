package launch;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.LogManager;

/**
 * A log manager that keeps its handlers until the very end. The JDK's removes them as soon as the virtual machine begins to
 * stop, while open exchanges are still ending and logging. The JDK offers no other way than to extend it, and finds this class
 * through the system property {@code java.util.logging.manager}. Thread-safe.
 */
public final class Logs extends LogManager {
    private static final AtomicBoolean HELD = new AtomicBoolean();

    static void hold() {
        HELD.set(true);
    }

    static void release() {
        if (HELD.getAndSet(false) && LogManager.getLogManager() instanceof Logs logs) {
            logs.reset();
        }
    }

    @Override
    public void reset() {
        if (!HELD.get()) {
            super.reset();
        }
    }
}
