package dev.warder.testkit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;

/** Counts the clients that the access log of this JVM takes for lost, and keeps the log from being written. Thread-safe. */
public final class LostClients implements AutoCloseable {
    private final Logger log = Logger.getLogger("dev.warder.access");
    private final AtomicLong count = new AtomicLong();
    private final LogCapture.LogTap tap = new LogCapture.LogTap(this::look);

    private LostClients() {}

    /** Starts to count. */
    public static LostClients start() {
        var lost = new LostClients();
        lost.log.addHandler(lost.tap);
        lost.log.setUseParentHandlers(false);
        return lost;
    }

    /** How many there were. */
    public long count() {
        return count.get();
    }

    @Override
    public void close() {
        log.removeHandler(tap);
        log.setUseParentHandlers(true);
    }

    private void look(LogLine line) {
        if (line.text().contains("end=client-gone")) {
            count.incrementAndGet();
        }
    }
}
