package dev.warder;

import dev.warder.auth.Gate;
import dev.warder.record.RequestObserver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The modules of the application. They start in the order in which they were added, and stop in the reverse order. Each is
 * added as soon as it exists, so that a start that fails stops what was created. Gates and observers of requests are added
 * here too. One thread at a time.
 */
final class Modules {
    private static final Logger LOG = LoggerFactory.getLogger(Modules.class);

    /** The place of a gate among the others, in the order in which they are asked. */
    enum Turn {
        POLICY,
        CREDENTIAL,
        /** After those that refuse without waiting: what a request holds, others cannot have. */
        BUDGETS,
        /** After budgets: a request that waits for money must not hold what others can use. */
        RATE_LIMITS,
        ADDED,
        /** The last: what it notes is going to be sent. */
        LEDGER
    }

    private record Module(String name, Runnable start, Runnable stop) {}

    private record TurnOfGate(Turn turn, Gate gate) {}

    private final List<Module> all = new ArrayList<>();
    private final List<TurnOfGate> gates = new ArrayList<>();

    /** Are called on the thread that ends a request, and must not wait. */
    final List<RequestObserver> observersAtOnce = new ArrayList<>();

    /** In the order in which they are called. */
    final List<RequestObserver> observers = new ArrayList<>();

    /**
     * Adds a module.
     *
     * @param name names it where it cannot be stopped
     * @param stop must be safe whether or not the module was started
     */
    void add(String name, Runnable start, Runnable stop) {
        all.add(new Module(name, start, stop));
    }

    /** Adds a module that works without a start. */
    void add(String name, Runnable stop) {
        add(name, () -> {}, stop);
    }

    void gate(Turn turn, Gate gate) {
        gates.add(new TurnOfGate(turn, gate));
    }

    /** Threads that have been ended before the modules that were added earlier stop. */
    NamedThreads threads(String purpose) {
        var threads = new NamedThreads(purpose);
        add("the remaining threads for " + purpose, () -> threads.awaitEnd(Schedule.THREAD_END_MILLIS));
        return threads;
    }

    /** Starts all modules. If it throws, some may run. */
    void start() {
        all.forEach(module -> module.start.run());
    }

    /**
     * Stops all modules. Throws nothing. One that fails is logged, and the others are stopped all the same: a thread that one
     * of them would have ended keeps the classes of an undeployed application in memory.
     */
    void stop() {
        // Creates no object of a class that may not be loaded yet: Open Liberty can load none of a WAR that is
        // deleted at the same time. Therefore it catches errors too.
        for (int i = all.size() - 1; i >= 0; i--) {
            var module = all.get(i);
            try {
                module.stop.run();
            } catch (Throwable fault) {
                report(module.name, fault);
            }
        }
    }

    private static void report(String name, Throwable fault) {
        try {
            LOG.error("Failed to close {}", name, fault);
        } catch (Throwable notLogged) {
            // The log may need such a class too, and there is no other place for the report.
        }
    }

    /** All gates, in the order in which they are asked. */
    List<Gate> gates() {
        return gates.stream()
                .sorted(Comparator.comparing(TurnOfGate::turn))
                .map(TurnOfGate::gate)
                .toList();
    }
}
