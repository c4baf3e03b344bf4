package dev.warder;

import dev.warder.auth.Gate;
import dev.warder.http.Attributes;
import dev.warder.observe.Metrics;
import dev.warder.record.RequestObserver;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The modules of the application. They start in the order in which they were added, and stop in the reverse order. Each is
 * added as soon as it exists, so that a start that fails stops what was created. One thread at a time.
 */
final class Modules {
    private static final Logger LOG = LoggerFactory.getLogger(Modules.class);

    private final List<Module> all = new ArrayList<>();

    Modules add(Module module) {
        all.add(module);
        return this;
    }

    /** Threads that have been ended before the modules that were added earlier stop; each is waited for that long. */
    NamedThreads threads(String purpose, long endMillis) {
        var threads = new NamedThreads(purpose);
        add(Module.named("the remaining threads for " + purpose).stops(() -> threads.awaitEnd(endMillis)));
        return threads;
    }

    /** Puts what the modules offer into the servlet context, and starts them. If it throws, some may run. */
    void start(ServletContext application) {
        all.forEach(module -> module.offers.forEach(offer -> put(application, offer)));
        all.forEach(module -> module.start.run());
    }

    private static <T> void put(ServletContext application, Module.Offer<T> offer) {
        Attributes.put(application, offer.type(), offer.value());
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
        return each(module -> module.gates).stream()
                .sorted(Comparator.comparing(Module.TurnOfGate::turn))
                .map(Module.TurnOfGate::gate)
                .toList();
    }

    List<RequestObserver> observersAtOnce() {
        return each(module -> module.observersAtOnce);
    }

    /** All other observers, in the order in which they are called. */
    List<RequestObserver> observers() {
        return each(module -> module.observers);
    }

    void register(Metrics metrics) {
        each(module -> module.gauges).forEach(registration -> registration.accept(metrics));
    }

    private <T> List<T> each(Function<Module, List<T>> part) {
        return all.stream().flatMap(module -> part.apply(module).stream()).toList();
    }
}
