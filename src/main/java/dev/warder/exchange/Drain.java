package dev.warder.exchange;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.http.Readiness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a node out of service without loss: health reports not ready, new requests and those that wait for a gate are
 * refused, open exchanges go on, and those that are still open after {@code timeouts.drain} are ended with one {@code
 * error} event. Thread-safe.
 */
public final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private final Readiness readiness;
    private final Exchanges exchanges;
    private final Optional<Path> file;
    private final Duration limit;
    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private boolean ended;

    @GuardedBy("this")
    private long began;

    public Drain(Readiness readiness, Exchanges exchanges, Optional<Path> file, Duration limit, LongSupplier nanoTime) {
        this.readiness = readiness;
        this.exchanges = exchanges;
        this.file = file;
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    public synchronized void start() {
        if (readiness.drain()) {
            began = nanoTime.getAsLong();
            exchanges.drain();
            LOG.info("Draining: {} open exchanges may go on for {}", exchanges.open(), limit);
        }
    }

    /** Looks whether the file has appeared. Reads a file system, which may take its time. */
    public void lookForFile() {
        if (!readiness.draining() && file.filter(Files::exists).isPresent()) {
            start();
        }
    }

    /** Looks at the clock; called some times a second. */
    public synchronized void lookAtClock() {
        if (readiness.draining() && !ended && nanoTime.getAsLong() - began > limit.toNanos()) {
            ended = true;
            exchanges.endAll();
        }
    }
}
