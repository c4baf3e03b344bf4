package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TestAuthority;
import dev.warder.testkit.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that fail to show over TLS who they are: the request is refused and no byte of it leaves. */
class TlsFaultContract extends DeployedContract {
    private static @Nullable TestAuthority shared;

    private final Queue<Service> services = new ConcurrentLinkedQueue<>();
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final ServerSocket listener = listener();
    private final TestAuthority authority = authority();

    /** What is done to one accepted connection; returns what came over TLS. */
    @FunctionalInterface
    private interface Service {
        String serve(Socket socket) throws Exception;
    }

    @Override
    Deployment configured(Deployment plain) {
        ScriptedUpstream.daemon("tls-acceptor", this::accept).start();
        authority.trustInThisJvm();
        var address = "https://127.0.0.1:" + listener.getLocalPort();
        return plain.withConf(address, Contract.MANAGED_KEY, Contract.ACCESS_TOKEN)
                .with("stream.keepAlive", "0s")
                .with("openai.enabled", "false")
                .with("upstream.http2", "off")
                .with("timeouts.connect", "3s")
                .with("timeouts.firstByte", "5s");
    }

    @AfterAll
    final void stopListening() throws Exception {
        listener.close();
        TestCertificate.shared().trustInThisJvm();
    }

    @ParameterizedTest
    @EnumSource
    void sendsNothingToAnUpstreamWithTheFault(TlsFault fault) throws Exception {
        received.clear();
        services.add(socket -> fault.serve(authority, socket));
        var response = exchange(message(STREAMING));
        if (fault == TlsFault.STALL_INSIDE_THE_HANDSHAKE) {
            Answers.refused(response, 504, "timeout_error");
        } else {
            Answers.refused(response, 502, "api_error");
        }
        eventually("the connection was served", () -> !received.isEmpty());
        assertThat(received).containsExactly("nothing");
        servesHonestRequests();
    }

    /** The connection is replaced between two requests, and the new one shows another authority's certificate. */
    @Test
    void sendsNothingOnceTheCertificateChanges() throws Exception {
        servesHonestRequests();
        sendsNothingToAnUpstreamWithTheFault(TlsFault.UNKNOWN_AUTHORITY);
    }

    /** An end without close_notify may be anybody's (RFC 9112, section 9.8). */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void showsThatABodyWasTruncatedBelowTls(boolean reset) throws Exception {
        services.add(socket -> truncated(socket, reset));
        var response = exchange(message("{\"model\":\"claude-x\",\"max_tokens\":9}"));
        assertThat(response.truncated() || response.status() == 502)
                .as("%s", response)
                .isTrue();
        servesHonestRequests();
    }

    /** Only close_notify shows that a body is whole which the end of the connection delimits (RFC 9112, section 9.8). */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesABodyWithoutALengthForWholeOnlyAfterCloseNotify(boolean notified) throws Exception {
        services.add(socket -> {
            var secure = secure(socket);
            var request = read(secure);
            write(secure, "Content-Type: application/json", "{\"half\":");
            (notified ? secure : socket).close();
            return request;
        });
        var response = exchange(message("{\"model\":\"claude-x\",\"max_tokens\":9}"));
        assertThat(response.truncated() || response.status() == 502)
                .as("%s", response)
                .isEqualTo(!notified);
        servesHonestRequests();
    }

    /** Many servers close without close_notify; such a body says itself where it ends. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 2", "Transfer-Encoding: chunked"})
    void takesABodyThatSaysItsEndForWholeWithoutCloseNotify(String framing) throws Exception {
        services.add(socket -> {
            var secure = secure(socket);
            var request = read(secure);
            var body = framing.contains("chunked") ? "2\r\n{}\r\n0\r\n\r\n" : "{}";
            write(secure, "Content-Type: application/json\r\n" + framing, body);
            socket.close();
            return request;
        });
        var response = exchange(message("{\"model\":\"claude-x\",\"max_tokens\":9}"));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.truncated()).isFalse();
        assertThat(response.text()).isEqualTo("{}");
    }

    @Test
    void waitsForAnUpstreamThatAcceptsSlowly() throws Exception {
        servesHonestRequests(300);
    }

    private void servesHonestRequests() throws Exception {
        servesHonestRequests(0);
    }

    private void servesHonestRequests(long millis) throws Exception {
        received.clear();
        services.add(socket -> {
            var slow = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
            assertThat(slow).isFalse();
            try (var secure = secure(socket)) {
                var request = read(secure);
                var body = String.join("", Messages.stream("honest"));
                write(secure, "Content-Type: text/event-stream\r\nContent-Length: " + body.length(), body);
                return request;
            }
        });
        assertThat(exchange(message(STREAMING)).text()).isEqualTo(String.join("", Messages.stream("honest")));
        eventually("the request was recorded", () -> !received.isEmpty());
        assertThat(received.poll()).contains(Contract.MANAGED_KEY);
    }

    private String truncated(Socket socket, boolean reset) throws Exception {
        var secure = secure(socket);
        var request = read(secure);
        write(secure, "Content-Type: application/json\r\nContent-Length: 99", "{\"half\":");
        if (reset) {
            pause(50);
            socket.setSoLinger(true, 0);
        }
        socket.close();
        return request;
    }

    private SSLSocket secure(Socket socket) throws Exception {
        var factory = authority.showing("good").getSocketFactory();
        var secure = (SSLSocket) factory.createSocket(socket, "127.0.0.1", socket.getPort(), true);
        secure.setUseClientMode(false);
        return secure;
    }

    private static String read(Socket socket) throws IOException {
        var piece = new byte[8192];
        int length = socket.getInputStream().read(piece);
        return length <= 0 ? "nothing" : new String(piece, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static void write(Socket socket, String fields, String body) throws IOException {
        socket.getOutputStream()
                .write(("HTTP/1.1 200 OK\r\nConnection: close\r\n" + fields + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private void accept() {
        while (!listener.isClosed()) {
            try (var socket = listener.accept()) {
                received.add(serve(socket));
            } catch (IOException closed) {
                // The loop looks whether it was the listener.
            }
        }
    }

    private String serve(Socket socket) {
        try {
            return services.remove().serve(socket);
        } catch (Exception refused) {
            return "nothing";
        }
    }

    private static ServerSocket listener() {
        try {
            return new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static synchronized TestAuthority authority() {
        try {
            var made = shared;
            if (made == null) {
                made = TestAuthority.create(TlsFault.certificates());
                shared = made;
            }
            return made;
        } catch (IOException | InterruptedException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
