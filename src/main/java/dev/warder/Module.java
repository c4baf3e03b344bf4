package dev.warder;

import dev.warder.auth.Gate;
import dev.warder.observe.Metrics;
import dev.warder.record.RequestObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A part of the application: how it starts and stops, and what it adds to others. One thread at a time. */
final class Module {
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

    record TurnOfGate(Turn turn, Gate gate) {}

    /** An attribute of the servlet context. */
    record Offer<T>(Class<T> type, T value) {}

    final String name;
    Runnable start = () -> {};
    Runnable stop = () -> {};
    final List<TurnOfGate> gates = new ArrayList<>();
    final List<RequestObserver> observersAtOnce = new ArrayList<>();
    final List<RequestObserver> observers = new ArrayList<>();
    final List<Consumer<Metrics>> gauges = new ArrayList<>();
    final List<Offer<?>> offers = new ArrayList<>();

    private Module(String name) {
        this.name = name;
    }

    /** @param name names it where it cannot be stopped */
    static Module named(String name) {
        return new Module(name);
    }

    Module starts(Runnable task) {
        start = task;
        return this;
    }

    /** @param task must be safe whether or not the module was started */
    Module stops(Runnable task) {
        stop = task;
        return this;
    }

    Module gate(Turn turn, Gate gate) {
        gates.add(new TurnOfGate(turn, gate));
        return this;
    }

    /** @param observer is called on the thread that ends a request, and must not wait */
    Module observerAtOnce(RequestObserver observer) {
        observersAtOnce.add(observer);
        return this;
    }

    Module observer(RequestObserver observer) {
        observers.add(observer);
        return this;
    }

    Module gauges(Consumer<Metrics> registration) {
        gauges.add(registration);
        return this;
    }

    /** Offers an object to filters and servlets, which the container creates. */
    <T> Module offers(Class<T> type, T value) {
        offers.add(new Offer<>(type, value));
        return this;
    }
}
