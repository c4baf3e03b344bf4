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

    private static final long LAST_WORDS_MILLIS = 4000;

    /**
     * A client that receives its response in the middle of its upload gets this time: an immediate reset would lose the
     * response.
     */
    private static final long LISTEN_MILLIS = 1000;

    private static final long BREAK_OFF_MILLIS = 1000;

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

    /**
     * Ends the open exchanges when the application is taken down. Runs while requests can still be dispatched to the servlets,
     * since aborting a response needs that.
     */
    public void end() {
        try {
            start();
            exchanges.endAll();
            if (!exchanges.awaitEmpty(LISTEN_MILLIS)) {
                exchanges.endAll();
            }
            if (!exchanges.awaitEmpty(LAST_WORDS_MILLIS)) {
                LOG.warn("{} exchanges did not end in time", exchanges.open());
                exchanges.abandonAll();
            }
            // A dispatch that reaches a destroyed servlet of Jetty makes that servlet unavailable, even after the
            // context has started again.
            exchanges.awaitBrokenOff(BREAK_OFF_MILLIS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
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
