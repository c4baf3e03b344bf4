package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.OpenApiCheck;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RunningContainers;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the tests of one contract share, because a deployment takes longer than a test: an upstream, the log, and one
 * container for each configuration, deployed when it is first asked for at a context path of its own. One thread at a
 * time.
 */
final class Ground implements AutoCloseable {
    private final Container.Starter starter;
    private final ScriptedUpstream upstream;
    private final LogCapture log;
    private final Map<String, Container> running = new LinkedHashMap<>();

    private final Map<Deployment, Container> shared = new HashMap<>();

    /** Those that this test has asked for: whether a container is as it was at its start is looked at once a test. */
    private final Set<Deployment> looked = new HashSet<>();

    Ground(Container.Starter starter) throws IOException {
        this.starter = starter;
        this.log = LogCapture.start()
                .plant(Contract.MANAGED_KEY, Contract.ACCESS_TOKEN, Contract.OWN_KEY, Contract.OWN_OAUTH);
        this.upstream = ScriptedUpstream.shared();
    }

    /** Where every deployment sends its requests. */
    ScriptedUpstream upstream() {
        return upstream;
    }

    /** Lets the upstream answer each request with an empty object, and HEAD with its length only. */
    void answerHeadWithoutABody() {
        upstream.script((request, reply) -> {
            if (request.method().equals("HEAD")) {
                reply.length(2);
            } else {
                reply.json(200, "{}");
            }
        });
    }

    /** What was logged since this ground was made. */
    LogCapture log() {
        return log;
    }

    /** The WAR with the upstream's address as its only setting. */
    Deployment bare() {
        return Deployment.builtWar().with("upstream.url", upstream.uri().toString());
    }

    /** The WAR with one shared access token, and no managed credential. */
    Deployment guarded() {
        return bare().withSecret("clients.token", Contract.ACCESS_TOKEN);
    }

    /** The WAR with the files of {@code conf/}: one shared access token, one managed key. */
    Deployment usual() {
        return Deployment.builtWar().withConf(upstream.uri().toString(), Contract.MANAGED_KEY, Contract.ACCESS_TOKEN);
    }

    /** The container asked for by this name before, else a new one with this deployment at {@code /name}; empty: the root. */
    Container container(String name, Deployment deployment) throws Exception {
        var found = running.get(name);
        if (found != null) {
            return found;
        }
        var started = starter.start(deployment.at(name.isEmpty() ? "" : "/" + name));
        running.put(name, started);
        return started;
    }

    /** Of {@link RunningContainers}, at {@code /gw}: for tests that leave it as it was. */
    Container shared(Deployment deployment) throws Exception {
        if (looked.add(deployment)) {
            shared.put(deployment, RunningContainers.of(starter, deployment.at("/gw"), Contract.ACCESS_TOKEN));
        }
        return Objects.requireNonNull(shared.get(deployment));
    }

    /** The shared container of {@link #usual}. */
    Container container() throws Exception {
        return shared(usual());
    }

    /** To be called after each test: checks in each container that serves that no exchange is open, and that each request has ended once. */
    void nothingIsLeft() throws InterruptedException {
        for (var container : Stream.concat(running.values().stream(), shared.values().stream())
                .toList()) {
            RunningContainers.assertNothingIsLeft(container);
        }
        looked.clear();
    }

    /** Sends one request on a connection of its own; an answer below {@code /admin/api} fits to the OpenAPI document. */
    static RawResponse send(Container container, RawRequest request) throws IOException {
        return OpenApiCheck.checked(container.contextPath(), request, RawClient.exchange(container.baseUri(), request));
    }

    /** A request below the context path of the container. */
    static RawRequest request(Container container, String method, String target) {
        return RawRequest.of(method, container.contextPath() + target);
    }

    @Override
    public void close() throws IOException {
        running.values().forEach(Container::close);
        upstream.close();
        log.close();
    }
}
