package dev.warder.overload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.testkit.ConnectProxy;
import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * As many exchanges as two clients may have open, whose bodies no upstream takes: the connections to it are not made. Another client
 * is served meanwhile, in a heap of 512 MiB.
 */
@Tag("turn-3")
@Tag("turn-only")
class TransitIT {
    private static final int MILLIS = (int) Limit.seconds(60).toMillis();
    private static final int BODIES = 12;
    /** As much as kernels hold, so that no send waits where the gateway does not read. */
    private static final byte[] SENT = "x".repeat(64 * 1024).getBytes(UTF_8);
    private static final String LARGE =
            "{\"model\":\"claude-x\",\"max_tokens\":9,\"x\":\"" + "x".repeat(12_000_000) + "\"}";
    private static final String SMALL = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}";

    private final List<AccessToken> hostile =
            List.of(AccessToken.generate(new SecureRandom()), AccessToken.generate(new SecureRandom()));
    private final AccessToken other = AccessToken.generate(new SecureRandom());

    /** @param count of uploads; each of Tomcat's connections takes so much memory that fewer fit */
    @ParameterizedTest
    @CsvSource({"STANDALONE, 4992", "TOMCAT, 1600"})
    void servesOthersWhileBodiesWaitForConnections(GatewayProcess.Form form, int count, @TempDir Path folder)
            throws Exception {
        var certificate = TestCertificate.shared();
        var threads = Executors.newCachedThreadPool();
        var uploads = new ArrayList<RawClient>();
        try (var upstream = ScriptedUpstream.tls(certificate).keepBodies(1024);
                var proxy = ConnectProxy.plain();
                var gateway = start(form, upstream, proxy, certificate, folder)) {
            upstream.script((request, reply) -> {
                if (request.length() < 1024) {
                    reply.messageStream("served");
                } else {
                    reply.json(200, Messages.message("served"));
                }
            });
            for (int i = 0; i < count; i++) {
                proxy.next(ConnectProxy::silence);
            }
            for (int i = 0; i < count; i++) {
                uploads.add(RawClient.connect(gateway.baseUri())
                        .send(request(hostile.get(i % 2), "/anthropic/v1/messages")
                                .field("Content-Length", "1000000")
                                .head())
                        .send(SENT));
                if (i % 100 == 0) {
                    assertStatus(200, gateway, RawRequest.of("GET", "/health/live"));
                }
            }
            long end = System.nanoTime() + Limit.seconds(60).toNanos();
            while (gateway.number("OpenExchanges") < count) {
                assertStatus(200, gateway, RawRequest.of("GET", "/health/live"));
                assertThat(System.nanoTime()).as("too few exchanges").isLessThan(end);
            }
            var bodies = new ArrayList<Future<Void>>();
            for (int i = 0; i < BODIES; i++) {
                bodies.add(threads.submit(() -> {
                    assertStatus(200, gateway, request(other, "/v1/messages").json(LARGE));
                    return null;
                }));
            }
            for (int i = 0; i < 20; i++) {
                assertStatus(200, gateway, request(other, "/v1/messages").json(SMALL));
            }
            for (var body : bodies) {
                body.get();
            }
            assertStatus(200, gateway, RawRequest.of("GET", "/health/live"));
            assertThat(gateway.alive()).isTrue();
            assertThat(gateway.log()).doesNotContain("OutOfMemoryError");
        } finally {
            threads.shutdownNow();
            for (var upload : uploads) {
                upload.close();
            }
        }
    }

    private GatewayProcess start(
            GatewayProcess.Form form,
            ScriptedUpstream upstream,
            ConnectProxy proxy,
            TestCertificate certificate,
            Path folder)
            throws Exception {
        var clients = Files.write(
                folder.resolve("clients"),
                List.of(hostile.get(0).line("one"), hostile.get(1).line("two"), other.line("other")));
        var settings = new HashMap<String, String>();
        settings.put(
                "upstream.url",
                ConnectProxy.renamed(upstream.uri(), "localhost").toString());
        settings.put("upstream.proxy", proxy.url());
        settings.put("upstream.truststore", certificate.caPem().toString());
        settings.put("upstream.credentials", "primary=value:" + "k".repeat(40));
        settings.put("clients.file", clients.toString());
        settings.put("timeouts.connect", "300s");
        settings.put("timeouts.clientRead", "300s");
        return GatewayProcess.start(form, settings);
    }

    private static void assertStatus(int status, GatewayProcess gateway, RawRequest request) throws Exception {
        try (var client = RawClient.connect(gateway.baseUri()).readTimeout(MILLIS)) {
            var response = client.exchange(request);
            assertThat(response.status()).as("%s", response).isEqualTo(status);
        }
    }

    private static RawRequest request(AccessToken token, String path) {
        return RawRequest.of("POST", path).field("X-Warder-Token", token.reveal());
    }
}
