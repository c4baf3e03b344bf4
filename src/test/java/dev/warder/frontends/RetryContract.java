package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.contract.Eventually;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Script;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a front end does with a POST whose node dies. The nodes are scripted here, because a container in this JVM cannot
 * be killed at a chosen byte.
 */
abstract class RetryContract {
    private static final int REQUESTS = 12;

    /** How a node fails a request that it has read whole. */
    enum Death {
        RESETS,
        CLOSES,
        BREAKS_OFF_THE_HEAD,
        /** Answers the first request of each connection and drops it at the second, as a node that closes idle ones may. */
        RESETS_A_KEPT_CONNECTION;

        /** Whether it meets front ends that make a connection for each request, too. */
        boolean certain() {
            return this != RESETS_A_KEPT_CONNECTION;
        }

        Script script(Set<Integer> used) {
            return (request, reply) -> {
                if (this == RESETS_A_KEPT_CONNECTION && used.add(request.connection())) {
                    reply.json(200, Messages.message("first"));
                } else if (this == CLOSES) {
                    reply.closeNow();
                } else {
                    reply.send(this == BREAKS_OFF_THE_HEAD ? "HTTP/1.1 200 OK\r\nContent-Ty" : "");
                    reply.reset();
                }
            };
        }
    }

    private final FrontEnd kind;
    private List<ScriptedUpstream> nodes = List.of();

    RetryContract(FrontEnd kind) {
        this.kind = kind;
    }

    @BeforeEach
    final void startNodes() throws IOException {
        nodes = List.of(ScriptedUpstream.plain(), ScriptedUpstream.plain());
        nodes.forEach(node -> node.on("/health/ready", (request, reply) -> reply.json(200, "{}")));
    }

    @AfterEach
    final void stopNodes() throws IOException {
        for (var node : nodes) {
            node.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void neverSendsAPostTwice(Death death) throws Exception {
        nodes.forEach(node -> node.script(death.script(ConcurrentHashMap.newKeySet())));
        try (var front = startFront()) {
            var caller = Caller.of(front.uri(), HttpClient.Version.HTTP_2);
            var failed = 0;
            for (int i = 0; i < REQUESTS; i++) {
                failed += post(caller, i) == 200 ? 0 : 1;
            }
            assertThat(failed).as("requests that met a death").isGreaterThanOrEqualTo(death.certain() ? 1 : 0);
            assertThat(bodies()).doesNotHaveDuplicates();
        }
    }

    /** Where no connection comes about, nothing was sent: the other node may have the request. */
    @Test
    void asksTheOtherNodeWhenOneDoesNotListen() throws Exception {
        try (var front = startFront()) {
            nodes.get(0).close();
            var caller = Caller.of(front.uri(), HttpClient.Version.HTTP_2);
            Eventually.holds(Duration.ofSeconds(10), () -> post(caller, 1000) == 200);
            nodes.get(1).clear();
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(post(caller, i)).isEqualTo(200);
            }
            assertThat(bodies()).hasSize(REQUESTS).doesNotHaveDuplicates();
        }
    }

    private RunningFrontEnd startFront() throws Exception {
        return RunningFrontEnd.start(
                kind, nodes.stream().map(ScriptedUpstream::uri).toList());
    }

    /** Fails where the stream is reset instead of answered: a client takes REFUSED_STREAM as leave to send once more. */
    private static int post(Caller caller, int number) throws Exception {
        return Caller.status(caller.post("/v1/messages", BodyPublishers.ofString("{\"number\":" + number + "}")));
    }

    private List<String> bodies() {
        return nodes.stream()
                .map(ScriptedUpstream::requests)
                .flatMap(List::stream)
                .filter(request -> request.method().equals("POST"))
                .map(RecordedRequest::text)
                .toList();
    }
}
