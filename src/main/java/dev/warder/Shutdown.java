package dev.warder;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps of closing, in order. A step that fails is logged, and the steps after it run all the same: a thread that one of
 * them
 * would have ended keeps the classes of an undeployed application in memory. One thread at a time.
 */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private record Step(String name, Runnable task) {}

    private final List<Step> steps = new ArrayList<>();

    Shutdown then(String name, Runnable task) {
        steps.add(new Step(name, task));
        return this;
    }

    /** Runs all steps. Throws nothing. */
    void run() {
        for (var step : steps) {
            close(step.name, step.task);
        }
    }

    /**
     * Closes one thing, or logs that this failed. Throws nothing.
     *
     * @param name of what is closed
     */
    static void close(String name, Runnable task) {
        try {
            task.run();
        } catch (Throwable fault) {
            // Catches errors too: Open Liberty can load no class of a WAR that is deleted at the same time.
            report(name, fault);
        }
    }

    private static void report(String name, Throwable fault) {
        try {
            LOG.error("Failed to close {}", name, fault);
        } catch (Throwable notLogged) {
            // The log may need such a class too, and there is no other place for the report.
        }
    }
}
