package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.GatewayProcess.Form;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Redeploys the WAR in one server under load: 5 times, 51 with {@code -Plong}, every second time in the same context.
 * {@link RedeploymentLoad} checks what callers see. No class loader and no thread of an earlier deployment is left. The
 * distributions of all servers do the same with {@code -Pservers}.
 */
class RedeployIT {
    /**
     * An odd number, so that the last redeployment replaces the context. After a restart in the same context Jetty holds one
     * class loader itself, see {@code src/site/markdown/jetty.md}.
     */
    private static final int TIMES = Boolean.getBoolean("warder.long") ? 51 : 5;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** After an application has stopped, Tomcat renews one of its 200 threads a second, each when it has worked. */
    private static final Duration RENEWED = Duration.ofMinutes(6);

    /** More than the server has selectors. */
    private static final int CONNECTIONS = 16;

    @ParameterizedTest
    @EnumSource(names = {"TOMCAT", "JETTY"})
    void failsNoRequestAndLeavesNoClassAndNoThread(Form form) throws Exception {
        // What only soft references hold is not a leak; the option makes the JVM collect it at once.
        try (var upstream = ScriptedUpstream.plain();
                var gateway = GatewayProcess.start(form, settings(upstream), "-XX:SoftRefLRUPolicyMSPerMB=0")) {
            for (int time = 1; time <= TIMES; time++) {
                try (var load = new RedeploymentLoad(gateway)) {
                    load.script(upstream);
                    load.begin();
                    if (time % 2 == 0) {
                        gateway.reload();
                    } else {
                        gateway.replace();
                    }
                    load.end();
                    writeDocuments(gateway);
                } finally {
                    upstream.clear();
                }
            }
            assertThat(warderThreads(gateway)).isNotEmpty();
            Eventually.holds(RENEWED, () -> loadersAfterRequests(gateway) == 1);
            gateway.undeploy();
            Eventually.holds(LIMIT, () -> warderThreads(gateway).isEmpty());
            Eventually.holds(LIMIT, () -> upstream.open().value() == 0);
            assertThat(gateway.log()).doesNotContain("SEVERE");
        }
    }

    /** The server may provide JSON-B, and must release what it stores about Warder's classes when Warder stops. */
    private static void writeDocuments(GatewayProcess gateway) throws IOException {
        assertThat(RawClient.exchange(gateway.baseUri(), RawRequest.of("GET", "/health/ready"))
                        .text())
                .startsWith("{\"status\":\"UP\",");
    }

    /** A selector of Jetty holds the connection that it selected last, and the handler of it, until it selects another. */
    private static int loadersAfterRequests(GatewayProcess gateway) throws IOException, InterruptedException {
        for (int i = 0; i < CONNECTIONS; i++) {
            RawClient.exchange(gateway.baseUri(), RawRequest.of("GET", "/health/live"));
        }
        return gateway.applicationLoaders();
    }

    private static Map<String, String> settings(ScriptedUpstream upstream) {
        return Map.of(
                "upstream.url",
                upstream.uri().toString(),
                "upstream.credentials",
                "main=value:" + Contract.MANAGED_KEY,
                "clients.token",
                "value:" + Contract.ACCESS_TOKEN);
    }

    private static List<String> warderThreads(GatewayProcess gateway) {
        return gateway.threads().stream()
                .filter(name -> name.startsWith("warder-"))
                .toList();
    }
}
