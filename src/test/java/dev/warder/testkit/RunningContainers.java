package dev.warder.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Containers that go on running between the tests of this JVM, of which all with the same deployment share one. A test that changes
 * what no other may find so (a budget, a drain, an undeployment) starts one of its own instead.
 *
 * <p>One that is not as it was when it started ends when it is asked for again: where a credential is out of use, a request is open or
 * memory is held. The one that was not used for the longest time ends when there are too many, and all end with the run. Thread-safe.
 */
public final class RunningContainers {
    /** Each has threads, connections and some 10 MiB of classes and objects. */
    private static final int MOST = 16;

    private static final Map<Deployment, Running> RUNNING = new LinkedHashMap<>(16, 0.75f, true);

    private RunningContainers() {}

    /** A container, and what a known caller saw of its health when it was new. */
    private record Running(Container container, String token, String health) {
        static Running start(Container.Starter starter, Deployment deployment, String token) throws Exception {
            var container = starter.start(deployment);
            return new Running(container, token, container.deployed() ? health(container, token) : "");
        }

        boolean isAsNew() throws IOException {
            return container.deployed()
                    && number("OpenExchanges") == 0
                    && number("CollectedBytes") == 0
                    && container.gateway("Draining").equals(false)
                    && health(container, token).equals(health);
        }

        private long number(String attribute) {
            return ((Number) container.gateway(attribute)).longValue();
        }

        private static String health(Container container, String token) throws IOException {
            var request = RawRequest.of("GET", container.contextPath() + "/health/ready")
                    .field("X-Warder-Token", token);
            return RawClient.exchange(container.baseUri(), request).text();
        }
    }

    /**
     * The container that runs this deployment, started unless it runs and is as new. It is never stopped by who takes it.
     *
     * @param starter the same in each call of a JVM
     * @param token an access token that the deployment knows, if it knows one
     */
    public static synchronized Container of(Container.Starter starter, Deployment deployment, String token)
            throws Exception {
        var running = RUNNING.get(deployment);
        if (running != null && !running.isAsNew()) {
            RUNNING.remove(deployment);
            running.container().close();
            running = null;
        }
        if (running == null) {
            running = Running.start(starter, deployment, token);
            RUNNING.put(deployment, running);
            endOldest();
        }
        return running.container();
    }

    /** Stops all; a container that saw a late use throws here. */
    static synchronized void endAll() {
        var all = new ArrayList<>(RUNNING.values());
        RUNNING.clear();
        all.forEach(running -> running.container().close());
    }

    private static void endOldest() {
        if (RUNNING.size() > MOST) {
            var oldest = RUNNING.entrySet().iterator().next();
            RUNNING.remove(oldest.getKey());
            oldest.getValue().container().close();
        }
    }
}
