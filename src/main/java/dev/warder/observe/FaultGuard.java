package dev.warder.observe;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps faults of a tracer, which is foreign code, away from requests. The first one is logged as a warning. */
final class FaultGuard {
    private static final Logger LOG = LoggerFactory.getLogger(FaultGuard.class);
    private static final AtomicBoolean REPORTED = new AtomicBoolean();

    private FaultGuard() {}

    static void run(Runnable work) {
        get(
                () -> {
                    work.run();
                    return "";
                },
                "");
    }

    static <T> T get(Supplier<T> work, T otherwise) {
        try {
            return work.get();
        } catch (RuntimeException | LinkageError fault) {
            if (REPORTED.getAndSet(true)) {
                LOG.debug("the tracer failed", fault);
            } else {
                LOG.warn("The tracer failed; further faults are logged at FINE", fault);
            }
            return otherwise;
        }
    }
}
