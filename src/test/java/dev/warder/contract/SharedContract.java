package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.RunningContainers;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.time.Duration;
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
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedContract extends CommonGround {
    /** Less than the gateway's own limits, which would end an exchange too. */
    static final Duration BEFORE_TIMEOUTS = Duration.ofSeconds(10);

    private static final String NEXT = "{\"model\":\"next\"}";

    /** By this test. */
    private final Map<Deployment, Container> taken = new HashMap<>();

    @BeforeAll
    final void open() throws IOException {
        log = LogCapture.start()
                .level("org.apache.hc.client5.http.wire", Level.OFF)
                .plant(MANAGED_KEY, ACCESS_TOKEN, OWN_KEY, OWN_OAUTH);
        upstream = ScriptedUpstream.shared();
    }

    @BeforeEach
    final void clear() {
        taken.clear();
        upstream.clear();
        upstream.script(json(200, Messages.message("answered")));
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
        var deployment =
                more.apply(Deployment.builtWar().withConf(upstream.uri().toString(), MANAGED_KEY, ACCESS_TOKEN));
        var known = taken.get(deployment);
        if (known == null) {
            known = RunningContainers.of(starter(), deployment, ACCESS_TOKEN);
            taken.put(deployment, known);
        }
        return known;
    }

    /** Sends a request that must be answered 200 and gives what came upstream. */
    final RecordedRequest pass(Container gateway, RawRequest request) throws Exception {
        assertStatus(200, exchange(gateway, request));
        return upstream.take();
    }

    /**
     * Sends a request that must be refused, see {@link Refusal}, with nothing sent upstream; the next one on the same
     * connection is answered, where the container keeps it.
     */
    final RawResponse refuse(Container gateway, RawRequest request, int status, String type) throws Exception {
        try (var client = connect(gateway)) {
            var answer = client.exchange(request);
            Refusal.check(answer, status, type);
            assertThat(upstream.requests()).isEmpty();
            if (keepsConnection(answer)) {
                assertStatus(200, client.exchange(post("/v1/messages").json(NEXT)));
                assertThat(upstream.take().text()).contains(NEXT.substring(0, NEXT.length() - 1));
                upstream.clear();
            }
            return answer;
        }
    }

    /** A request with a valid access token in {@code x-api-key}. */
    static RawRequest post(String target) {
        return authenticated("POST", target);
    }

    /** Whether the container will take another request on the connection; Tomcat closes behind some errors, 400 among them. */
    static boolean keepsConnection(RawResponse answer) {
        return !answer.fields().lists("Connection", "close");
    }
}
