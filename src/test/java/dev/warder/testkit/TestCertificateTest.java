package dev.warder.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

class TestCertificateTest {
    @Test
    void servesByNameAndAddressToThoseWhoTrustTheCa() throws Exception {
        var client = HttpClient.newBuilder()
                .sslContext(TestCertificate.shared().clientContext())
                .build();
        try (var upstream = ScriptedUpstream.tls(TestCertificate.shared())) {
            for (var host : new String[] {"localhost", "127.0.0.1"}) {
                var uri = URI.create("https://" + host + ":" + upstream.uri().getPort() + "/");
                var response = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
                assertThat(response.body()).isEqualTo(Messages.message("Hello."));
            }
            assertThatThrownBy(() -> HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(upstream.uri()).build(),
                                    HttpResponse.BodyHandlers.discarding()))
                    .hasMessageContaining("PKIX");
        }
    }

    @Test
    void isTrustedByDefaultContextsAndFreshOnesWhenToldTo() throws Exception {
        var contexts = TestCertificate.shared().whileTrusted(() -> {
            var fresh = SSLContext.getInstance("TLS");
            fresh.init(null, null, null);
            return List.of(SSLContext.getDefault(), fresh);
        });
        try (var upstream = ScriptedUpstream.tls(TestCertificate.shared())) {
            for (var context : contexts) {
                var request = HttpRequest.newBuilder(upstream.uri()).build();
                var client = HttpClient.newBuilder().sslContext(context).build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void closesWithCloseNotifyAndSeesThePeerClose() throws Exception {
        try (var upstream = ScriptedUpstream.tls(TestCertificate.shared())) {
            upstream.next((request, reply) -> {
                        reply.length(10);
                        reply.content(new byte[4]);
                        reply.closeNow();
                    })
                    .next((request, reply) -> reply.await(new CountDownLatch(1)));
            try (var socket = connect(upstream)) {
                assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                        .startsWith("HTTP/1.1 200")
                        .endsWith("\r\n\r\n\0\0\0\0");
            }
            try (var socket = connect(upstream)) {
                assertThat(socket.isConnected()).isTrue();
                upstream.take();
                upstream.take();
            }
            upstream.requests().get(1).awaitPeerClosed(Duration.ofSeconds(10));
        }
    }

    private static SSLSocket connect(ScriptedUpstream upstream) throws Exception {
        var factory = TestCertificate.shared().clientContext().getSocketFactory();
        var socket =
                (SSLSocket) factory.createSocket("127.0.0.1", upstream.uri().getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(RawRequest.of("GET", "/").bytes());
        return socket;
    }
}
