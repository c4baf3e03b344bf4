package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.GatewayProcess.Form;
import dev.warder.testkit.Limit;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.Turns;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Redeploys the WAR in one server under load: once in the gate, 5 times in its slice, 51 with {@code -Plong}, every second time in
 * the same context.
 * {@link RedeploymentLoad} checks what callers see. No class loader and no thread of an earlier deployment is left. The
 * distributions of all servers do the same with {@code -Pservers}.
 */
@Tag("turn-1")
class RedeployIT {
    /**
     * An odd number, so that the last redeployment replaces the context. After a restart in the same context Jetty holds one
     * class loader itself, see {@code src/site/markdown/jetty.md}.
     */
    private static final int TIMES = Boolean.getBoolean("warder.long") ? 51 : Turns.of(1, 5);

    private static final Duration LIMIT = Limit.seconds(60);

    /**
     * What only soft references hold is not a leak; the first option makes the JVM collect it at once. Code that is optimised for what
     * ran before holds the classes of it as long as a thread is in it; the second one does without.
     */
    private static final String[] OPTIONS = {"-XX:SoftRefLRUPolicyMSPerMB=0", "-XX:TieredStopAtLevel=1"};

    /**
     * More than the server has selectors, and one for each of Tomcat's threads: a thread that has not worked since the application
     * stopped is not renewed. While they are served, what waits for a compiler is compiled, which holds a class loader too.
     */
    private static final int REQUESTS = 200;

    @ParameterizedTest
    @EnumSource(names = {"TOMCAT", "JETTY"})
    void failsNoRequestAndLeavesNoClassAndNoThread(Form form) throws Exception {
        try (var upstream = ScriptedUpstream.plain();
                var gateway = GatewayProcess.start(form, settings(upstream), OPTIONS)) {
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
            Eventually.holds(LIMIT, () -> loadersAfterRequests(gateway) == 1);
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
        for (int i = 0; i < REQUESTS; i++) {
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
