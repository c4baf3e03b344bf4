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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
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
        return plain.withConf(address, MANAGED_KEY, ACCESS_TOKEN)
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
            Answers.refused(response, 504);
        } else {
            Answers.refused(response, 502);
        }
        eventually(() -> !received.isEmpty());
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
        var response = assertStatus(200, exchange(message("{\"model\":\"claude-x\",\"max_tokens\":9}")));
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
            assertThat(latch().await(millis, TimeUnit.MILLISECONDS)).isFalse();
            try (var secure = secure(socket)) {
                var request = read(secure);
                var body = String.join("", Messages.stream("honest"));
                write(secure, "Content-Type: text/event-stream\r\nContent-Length: " + body.length(), body);
                return request;
            }
        });
        assertThat(exchange(message(STREAMING)).text()).isEqualTo(String.join("", Messages.stream("honest")));
        eventually(() -> !received.isEmpty());
        assertThat(received.poll()).contains(MANAGED_KEY);
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
        socket.getOutputStream().write(utf8("HTTP/1.1 200 OK\r\nConnection: close\r\n" + fields + "\r\n\r\n" + body));
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

    /** Secure upstreams that must not get a credential, each with the {@code keytool} arguments of its certificate. */
    private enum TlsFault {
        EXPIRED(signed("-startdate", "-20d", "-validity", "10")),
        NOT_YET_VALID(signed("-startdate", "+10d", "-validity", "10")),
        OTHER_NAME(issued("dns:elsewhere.test")),
        ADDRESS_AS_A_NAME(issued("dns:127.0.0.1")),
        NAME_BUT_NO_ADDRESS(issued("dns:localhost")),
        WILDCARD_FOR_AN_ADDRESS(issued("dns:*.0.0.1")),
        COMMON_NAME_ALONE(List.of("-keyalg", "EC", "-signer", "ca")),
        SELF_SIGNED(List.of("-keyalg", "EC", "-ext", "san=ip:127.0.0.1")),
        UNKNOWN_AUTHORITY(List.of("-keyalg", "EC", "-signer", "unknown-ca", "-ext", "san=ip:127.0.0.1")),
        SIGNED_BY_A_LEAF(List.of("-keyalg", "EC", "-signer", "good", "-ext", "san=ip:127.0.0.1")),
        FOR_CLIENTS_ONLY(signed("-ext", "eku=clientAuth")),
        SIGNED_WITH_MD5(signed("-sigalg", "MD5withRSA")),
        SIGNED_WITH_SHA1(signed("-sigalg", "SHA1withRSA")),
        RSA_OF_1024_BITS(List.of("-keyalg", "RSA", "-keysize", "1024", "-signer", "ca", "-ext", "san=ip:127.0.0.1")),
        RESET_BEFORE_THE_HANDSHAKE(List.of()),
        VERSION_1_1(List.of()),
        ALERT_INSTEAD_OF_A_HANDSHAKE(List.of()),
        GARBAGE_INSTEAD_OF_A_HANDSHAKE(List.of()),
        CLOSE_INSIDE_THE_HANDSHAKE(List.of()),
        STALL_INSIDE_THE_HANDSHAKE(List.of());

        /** A ServerHello of TLS 1.1 (RFC 4346, section 7.4.1.3) that picks TLS_RSA_WITH_AES_128_CBC_SHA. */
        private static final byte[] HELLO_1_1 = new byte[47];

        static {
            byte[] begin = {0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2};
            System.arraycopy(begin, 0, HELLO_1_1, 0, begin.length);
            HELLO_1_1[45] = 0x2f;
            HELLO_1_1[44] = 0;
            HELLO_1_1[43] = 0;
        }

        private final List<String> certificate;

        TlsFault(List<String> certificate) {
            this.certificate = certificate;
        }

        /** The certificate of each fault, and a good one, in an order in which each signer comes before what it signs. */
        static Map<String, List<String>> certificates() {
            var all = new LinkedHashMap<String, List<String>>();
            all.put("unknown-ca", List.of("-keyalg", "EC", "-ext", "bc:c"));
            all.put("good", issued("ip:127.0.0.1"));
            for (var fault : values()) {
                if (!fault.certificate.isEmpty()) {
                    all.put(fault.name(), fault.certificate);
                }
            }
            return all;
        }

        /** Does to an accepted connection what this fault is; returns what came over TLS, else {@code nothing}. */
        String serve(TestAuthority authority, Socket socket) throws Exception {
            if (!certificate.isEmpty()) {
                return handshake(authority.showing(name()), socket);
            }
            if (this == RESET_BEFORE_THE_HANDSHAKE) {
                socket.setSoLinger(true, 0);
                return "nothing";
            }
            socket.getInputStream().read(new byte[4096]);
            switch (this) {
                case VERSION_1_1 -> socket.getOutputStream().write(HELLO_1_1);
                case ALERT_INSTEAD_OF_A_HANDSHAKE ->
                    socket.getOutputStream().write(new byte[] {0x15, 3, 3, 0, 2, 2, 40});
                case GARBAGE_INSTEAD_OF_A_HANDSHAKE ->
                    socket.getOutputStream().write(new byte[] {0x16, 3, 3, 0, 4, 99, 1, 2, 3});
                default -> socket.getOutputStream().flush();
            }
            if (this == CLOSE_INSIDE_THE_HANDSHAKE) {
                return "nothing";
            }
            // The client's alert, if any, and its close.
            socket.getInputStream().readAllBytes();
            return "nothing";
        }

        private static String handshake(SSLContext context, Socket socket) throws IOException {
            var factory = context.getSocketFactory();
            try (var secure = (SSLSocket) factory.createSocket(socket, "127.0.0.1", socket.getPort(), true)) {
                secure.setUseClientMode(false);
                var piece = new byte[4096];
                int length = secure.getInputStream().read(piece);
                return length <= 0 ? "nothing" : new String(piece, 0, length, StandardCharsets.ISO_8859_1);
            }
        }

        private static List<String> signed(String... more) {
            var all = new ArrayList<>(issued("ip:127.0.0.1,dns:localhost"));
            all.addAll(List.of(more));
            return all;
        }

        private static List<String> issued(String names) {
            return List.of("-keyalg", "EC", "-signer", "ca", "-ext", "san=" + names);
        }
    }
}
