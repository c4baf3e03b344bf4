package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.RunningContainers;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * Ground of contracts with many small cases: one upstream for all tests of a class, and {@link RunningContainers}. In the end no log line holds a secret.
 */
@OnChosenContainer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedContract {
    private static final String NEXT = "{\"model\":\"next\"}";

    /** The upstream of every deployment; emptied before each test, when it answers each message with a short one. */
    ScriptedUpstream upstream;

    /** By this test. */
    private final Map<Deployment, Container> taken = new HashMap<>();

    private LogCapture log;

    /** Starts the containers of this contract. */
    Container.Starter starter() {
        return ChosenContainer.starter();
    }

    @BeforeAll
    final void open() throws IOException {
        log = LogCapture.start()
                .level("org.apache.hc.client5.http.wire", Level.OFF)
                .plant(Contract.MANAGED_KEY, Contract.ACCESS_TOKEN, Contract.OWN_KEY, Contract.OWN_OAUTH);
        upstream = ScriptedUpstream.shared();
    }

    @BeforeEach
    final void clear() {
        taken.clear();
        upstream.clear();
        upstream.script((request, reply) -> reply.json(200, Messages.message("answered")));
    }

    @AfterEach
    final void nothingIsLeft() throws InterruptedException {
        for (var container : taken.values()) {
            RunningContainers.assertNothingIsLeft(container);
        }
    }

    @AfterAll
    final void close() throws IOException {
        upstream.close();
        log.close();
        assertThat(log.leaks()).isEmpty();
    }

    /** The gateway with the files of {@code conf/} and nothing else. */
    final Container gateway() throws Exception {
        return gateway(UnaryOperator.identity());
    }

    /** The gateway with one more setting. */
    final Container gateway(String name, String value) throws Exception {
        return gateway(deployment -> deployment.with(name, value));
    }

    /** The gateway deployed with more than the files of {@code conf/}, see {@link RunningContainers}. */
    final Container gateway(UnaryOperator<Deployment> more) throws Exception {
        var deployment = more.apply(
                Deployment.builtWar().withConf(upstream.uri().toString(), Contract.MANAGED_KEY, Contract.ACCESS_TOKEN));
        var known = taken.get(deployment);
        if (known == null) {
            known = RunningContainers.of(starter(), deployment, Contract.ACCESS_TOKEN);
            taken.put(deployment, known);
        }
        return known;
    }

    /** Sends a request that must be answered 200 and gives what came upstream. */
    final RecordedRequest pass(Container gateway, RawRequest request) throws Exception {
        var answer = RawClient.exchange(gateway.baseUri(), request);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return upstream.take();
    }

    /**
     * Sends a request that must be refused, see {@link Refusal}, with nothing sent upstream; the next one on the same
     * connection is answered, where the container keeps it.
     */
    final RawResponse refuse(Container gateway, RawRequest request, int status, String type) throws Exception {
        try (var client = RawClient.connect(gateway.baseUri())) {
            var answer = client.exchange(request);
            Refusal.check(answer, status, type);
            assertThat(upstream.requests()).isEmpty();
            if (keepsConnection(answer)) {
                assertThat(client.exchange(post("/v1/messages").json(NEXT)).status())
                        .isEqualTo(200);
                assertThat(upstream.take().text()).contains(NEXT.substring(0, NEXT.length() - 1));
                upstream.clear();
            }
            return answer;
        }
    }

    /** A request with a valid access token in {@code x-api-key}. */
    static RawRequest post(String target) {
        return RawRequest.of("POST", target).field("x-api-key", Contract.ACCESS_TOKEN);
    }

    /** Whether the container will take another request on the connection; Tomcat closes behind some errors, 400 among them. */
    static boolean keepsConnection(RawResponse answer) {
        return !answer.fields().lists("Connection", "close");
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
