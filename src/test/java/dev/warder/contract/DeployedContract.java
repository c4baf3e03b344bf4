package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.FieldList;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RunningContainers;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * Ground for contracts whose tests share one deployment. After each of them nothing may be left: no open exchange, no
 * upstream connection in use, no memory held for a body, no secret in the log.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DeployedContract extends CommonGround {
    /** A streaming request's body. */
    static final String STREAMING = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}";

    Container container;
    /** The settings of this contract. */
    Deployment configured(Deployment plain) {
        return plain;
    }

    @BeforeAll
    final void deployOnce() throws Exception {
        log = LogCapture.start().level("org.apache.hc", Level.INFO).plant(MANAGED_KEY, ACCESS_TOKEN, OWN_KEY);
        upstream = ScriptedUpstream.shared();
        var deployment =
                configured(Deployment.builtWar().withConf(upstream.uri().toString(), MANAGED_KEY, ACCESS_TOKEN));
        container = RunningContainers.of(starter(), deployment, ACCESS_TOKEN);
        assertThat(container.deployed()).isTrue();
    }

    @AfterEach
    final void nothingIsLeft() throws Exception {
        RunningContainers.assertNothingIsLeft(container);
        assertThat(log.leaks()).isEmpty();
        upstream.clear();
        log.clear();
    }

    @AfterAll
    final void undeploy() throws IOException {
        upstream.close();
        log.close();
    }

    /** A new client of the shared deployment; the test closes it. */
    final RawClient client() throws IOException {
        return connect(container);
    }

    /** Sends a request on a connection of its own and reads the whole answer. */
    final RawResponse exchange(RawRequest request) throws IOException {
        return exchange(container, request);
    }

    /** A number of the application's MBean. */
    final long number(String attribute) {
        return number(container, attribute);
    }

    /** The access line of the exchange that answered so. */
    final String accessLine(String id) throws InterruptedException {
        return log.await("dev.warder.access", line -> line.contains("id=" + id + " "), SOON)
                .text();
    }

    /** The access line of the exchange whose response has these fields. */
    final String accessLine(FieldList response) throws InterruptedException {
        return accessLine(response.first("X-Warder-Request-Id").orElseThrow());
    }

    /** The client gets so many comments next. */
    static void comments(RawClient client, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            assertThat(client.readEvent().orElseThrow().raw()).isEqualTo(": keep-alive\n\n");
        }
    }
}
