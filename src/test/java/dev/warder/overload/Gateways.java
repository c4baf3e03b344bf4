package dev.warder.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Gateways in processes of their own, and what holds of each of them under whatever load. */
final class Gateways {
    private static final String ADMIN = "a".repeat(40);
    private static final String BODY = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}";

    private Gateways() {}

    /** Starts one with the default heap of {@link GatewayProcess}, open to every client, that may have this many exchanges open. */
    static GatewayProcess start(GatewayProcess.Form form, ScriptedUpstream upstream, int streams) throws Exception {
        return start(form, upstream, streams, Map.of());
    }

    /** The same with further settings. */
    static GatewayProcess start(
            GatewayProcess.Form form, ScriptedUpstream upstream, int streams, Map<String, String> more)
            throws Exception {
        var settings = new HashMap<>(more);
        settings.putAll(Map.of(
                "upstream.url",
                upstream.uri().toString(),
                "upstream.credentials",
                "primary=value:" + "k".repeat(40),
                "clients.open",
                "true",
                "admin.token",
                "value:" + ADMIN,
                "timeouts.clientWrite",
                "300s",
                // A slow machine may connect late while all the clients of a test come.
                "timeouts.connect",
                "60s",
                "limits.streams",
                Integer.toString(streams)));
        return GatewayProcess.start(form, settings);
    }

    /** A request for a stream. */
    static RawRequest message() {
        return RawRequest.of("POST", "/v1/messages").json(BODY);
    }

    /** Sends this many requests, one after the other, which all succeed. */
    static void servesHonestClients(GatewayProcess gateway, ScriptedUpstream upstream, int count) throws IOException {
        upstream.on("/v1/messages/count_tokens", (request, reply) -> reply.json(200, "{\"input_tokens\":1}"));
        for (int i = 0; i < count; i++) {
            var request = RawRequest.of("POST", "/v1/messages/count_tokens").json("{\"model\":\"claude-x\"}");
            var response = RawClient.exchange(gateway.baseUri(), request);
            assertThat(response.status()).as("%s", response).isEqualTo(200);
        }
    }

    /** Health and administration are served. */
    static void answersItsOperator(GatewayProcess gateway) throws IOException {
        for (var path : List.of("/health/live", "/health/ready", "/admin/credentials")) {
            var request = RawRequest.of("GET", path).field("Authorization", "Bearer " + ADMIN);
            var response = RawClient.exchange(gateway.baseUri(), request);
            assertThat(response.status()).as("%s %s", path, response).isEqualTo(200);
        }
    }

    /** The process lives, holds no body, and never ran out of memory. */
    static void assertUnharmed(GatewayProcess gateway) {
        assertThat(gateway.alive()).isTrue();
        assertThat(gateway.number("CollectedBytes")).isZero();
        assertThat(gateway.log()).doesNotContain("OutOfMemoryError");
    }

    /** Waits until this many exchanges are open, 60 s at most. */
    static void awaitOpenExchanges(GatewayProcess gateway, int count) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        var pause = new CountDownLatch(1);
        while (gateway.number("OpenExchanges") != count) {
            assertThat(System.nanoTime())
                    .as(() -> gateway.number("OpenExchanges") + " exchanges are open, not " + count + "; the log: "
                            + lastLines(gateway.log()))
                    .isLessThan(end);
            assertThat(pause.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private static String lastLines(String log) {
        return log.substring(Math.max(0, log.length() - 3000));
    }
}
