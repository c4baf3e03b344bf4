package launch;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.LogManager;

/**
 * The JDK's log manager, but one that lets go of its handlers only at the very end: the JDK's takes them away as soon as
 * the virtual machine begins to stop, while open exchanges still end and write their lines. Extending it is the only way
 * to say so. Thread-safe.
 */
public final class Logs extends LogManager {
    private static final AtomicBoolean HELD = new AtomicBoolean();

    /** Called by the JDK, which finds this class by the system property {@code java.util.logging.manager}. */
    public Logs() {}

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
