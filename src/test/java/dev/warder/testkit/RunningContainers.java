package dev.warder.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Containers that go on running between the tests of this JVM: all tests with the same deployment use one. A test that changes
 * something that would disturb another (a budget, a drain, an undeployment) starts a container of its own instead.
 *
 * <p>A container whose credentials are out of use, or that drains, ends when it is asked for again, and a new one starts. The one that
 * was not used for the longest time ends when there are too many, and all end with the run. One that still has an open request, a leased
 * connection, memory of a body or a late use at its end fails the run. Thread-safe.
 */
public final class RunningContainers {
    /** Each has threads, connections and some 10 MiB of classes and objects. */
    private static final int MOST = 16;

    private static final long PAUSE = Duration.ofMillis(5).toNanos();

    private static final Map<Key, Running> RUNNING = new LinkedHashMap<>(16, 0.75f, true);

    private RunningContainers() {}

    private record Key(Container.Starter starter, Deployment deployment) {}

    /** A container, and what a known caller saw of its health when it was new. */
    private record Running(Container container, String token, String health) {
        static Running start(Container.Starter starter, Deployment deployment, String token) throws Exception {
            var container = starter.start(deployment);
            return new Running(container, token, container.deployed() ? health(container, token) : "");
        }

        boolean isAsNew() throws IOException {
            return container.deployed()
                    && container.gateway("Draining").equals(false)
                    && health(container, token).equals(health);
        }

        void end() throws InterruptedException {
            try {
                assertNothingIsLeft(container);
            } finally {
                container.close();
            }
        }

        private static String health(Container container, String token) throws IOException {
            var request = RawRequest.of("GET", container.contextPath() + "/health/ready")
                    .field("X-Warder-Token", token);
            return RawClient.exchange(container.baseUri(), request).text();
        }
    }

    /**
     * The container that runs this deployment, started unless one runs and is as it was at its start. Who takes it does not stop it.
     *
     * @param starter one object for each kind of container
     * @param token an access token that the deployment knows, if it knows one
     */
    public static synchronized Container of(Container.Starter starter, Deployment deployment, String token)
            throws Exception {
        var key = new Key(starter, deployment);
        var running = RUNNING.get(key);
        if (running != null && !running.isAsNew()) {
            RUNNING.remove(key);
            running.end();
            running = null;
        }
        if (running == null) {
            running = Running.start(starter, deployment, token);
            RUNNING.put(key, running);
            endOldest();
        }
        return running.container();
    }

    /**
     * Waits until no exchange is open, no connection to the upstream is leased, no memory is held and each request has ended once; and
     * checks that nothing was used late.
     */
    public static void assertNothingIsLeft(Container container) throws InterruptedException {
        if (container.deployed()) {
            for (var number : List.of("OpenExchanges", "UpstreamConnectionsLeased", "CollectedBytes")) {
                awaitEqual(container, number, 0);
            }
            awaitEqual(container, "RequestsCompleted", number(container, "RequestsBegun"));
        }
        container.facades().assertNoLateUse();
    }

    private static void awaitEqual(Container container, String number, long expected) throws InterruptedException {
        long end = System.nanoTime() + Limit.seconds(5).toNanos();
        while (number(container, number) != expected) {
            if (System.nanoTime() > end) {
                throw new AssertionError(number + " of " + container.baseUri() + " is " + number(container, number)
                        + " and not " + expected);
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    private static long number(Container container, String attribute) {
        return ((Number) container.gateway(attribute)).longValue();
    }

    /** Ends all, and throws the first of what was wrong with them. */
    static synchronized void endAll() throws InterruptedException {
        var all = new ArrayList<>(RUNNING.values());
        RUNNING.clear();
        var wrong = new ArrayList<AssertionError>();
        for (var each : all) {
            try {
                each.end();
            } catch (AssertionError left) {
                wrong.add(left);
            }
        }
        if (!wrong.isEmpty()) {
            throw wrong.get(0);
        }
    }

    private static void endOldest() throws InterruptedException {
        if (RUNNING.size() > MOST) {
            var oldest = RUNNING.entrySet().iterator().next();
            RUNNING.remove(oldest.getKey());
            oldest.getValue().end();
        }
    }
}
