package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.testkit.TestCertificate;
import dev.warder.upstream.Outbound.ProxyException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine without a connection. */
class TunnelEngineTest {
    private static final byte[] REQUEST = bytes("CONNECT api.test:443 HTTP/1.1\r\nHost: api.test:443\r\n\r\n");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 407 No\\r\\nProxy-Authenticate: NTLM\\r\\nProxy-Authenticate: Negotiate\\r\\n\\r\\n|false|returned 407: it does not offer Basic authentication; NTLM, Negotiate (Kerberos) and Digest are not supported",
                "HTTP/1.1 407 No\\r\\nProxy-Authenticate: Negotiate\\r\\nproxy-authenticate: Basic realm=\"x\"\\r\\n\\r\\n|false|returned 407: it requires upstream.proxyLogin",
                "HTTP/1.1 407 No\\r\\n\\r\\n|true|returned 407: it does not accept upstream.proxyLogin",
                "HTTP/1.1 403 Forbidden\\r\\nContent-Length: 5\\r\\n\\r\\nsorry|true|returned 403 to CONNECT",
                "HTTP/1.0 502\\r\\n\\r\\n|true|returned 502 to CONNECT",
                "HTTP/1.1 302 Found\\r\\nLocation: https://login.test/\\r\\n\\r\\n|true|returned 302 to CONNECT",
                "HTTP/1.1 200 OK\\r\\n\\r\\n<html>|true|returned 200 and a page instead of a tunnel",
                "HTTP/1.1 200 OK\\r\\nContent-Type:text/html\\r\\n\\r\\n|true|returned 200 and a page instead of a tunnel",
                "HTTP/1.1 2000 OK\\r\\n\\r\\n|true|did not respond to CONNECT with HTTP",
                "SSH-2.0-OpenSSH_9|true|did not respond to CONNECT with HTTP",
            })
    void reportsWhatTheProxyDid(String response, boolean authenticates, String words) throws Exception {
        var engine = new TunnelEngine(client(), REQUEST, authenticates);
        sendRequest(engine);
        var refused = catchThrowableOfType(
                ProxyException.class,
                () -> engine.unwrap(
                        ByteBuffer.wrap(bytes(response.replace("\\r", "\r").replace("\\n", "\n"))),
                        ByteBuffer.allocate(40_000)));
        assertThat(refused.getMessage()).isEqualTo(words);
        assertThat(refused.words()).isEqualTo("the proxy of upstream.proxy " + words);
        assertThat(engine.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Wait\r\nVia: a\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\nVia: a\n\n",
                "HTTP/1.1 200 OK\r\nVia: a\n\r\n",
            })
    void opensTheTunnelAfterTheFinalHead(String heads) throws Exception {
        for (int piece : new int[] {1, heads.length()}) {
            var engine = new TunnelEngine(client(), REQUEST, false);
            engine.setUseClientMode(true);
            sendRequest(engine);
            for (int from = 0; from < heads.length(); from += piece) {
                assertThat(engine.isOpen()).isFalse();
                engine.unwrap(ByteBuffer.wrap(bytes(heads), from, piece), ByteBuffer.allocate(40_000));
            }
            assertThat(engine.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 200 , 20000", "'HTTP/1.1 100 x\r\n\r\n', 2000"})
    void acceptsNoEndlessHead(String first, int times) throws Exception {
        var engine = new TunnelEngine(client(), REQUEST, false);
        sendRequest(engine);
        var head = ByteBuffer.wrap(bytes(first.repeat(times)));
        assertThat(catchThrowableOfType(ProxyException.class, () -> engine.unwrap(head, ByteBuffer.allocate(40_000))))
                .hasMessage("did not respond to CONNECT with HTTP");
    }

    /** An engine whose connection ends before the tunnel is open wants to read, so that HttpCore ends the session. */
    @Test
    void sendsNothingAfterItWasClosed() throws Exception {
        var engine = new TunnelEngine(client(), REQUEST, false);
        engine.closeOutbound();
        assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_UNWRAP);
        assertThat(engine.isInboundDone()).isFalse();
    }

    /** Whose connection would be asked for ever, by a thread that other connections need. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void endsWithTheSecureConnectionToTheProxy(String protocol) throws Exception {
        var context = TestCertificate.shared().clientContext();
        var secure = context.createSSLEngine("localhost", 443);
        secure.setUseClientMode(true);
        secure.setEnabledProtocols(new String[] {protocol});
        var proxy = TestCertificate.shared().serverContext().createSSLEngine();
        proxy.setUseClientMode(false);
        var engine = new LayeredEngine(new TunnelEngine(client(), REQUEST, false), secure);
        engine.beginHandshake();
        var toProxy = ByteBuffer.allocate(100_000);
        var toClient = ByteBuffer.allocate(100_000);
        var request = ByteBuffer.allocate(100_000);
        for (int i = 0; i < 40 && request.position() < REQUEST.length; i++) {
            runTasks(engine);
            runTasks(proxy);
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                engine.wrap(ByteBuffer.allocate(0), toProxy);
            }
            step(toProxy, source -> proxy.unwrap(source, request));
            if (proxy.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                proxy.wrap(ByteBuffer.allocate(0), toClient);
            }
            step(toClient, source -> engine.unwrap(source, ByteBuffer.allocate(50_000)));
        }
        assertThat(request.position()).isEqualTo(REQUEST.length);
        proxy.closeOutbound();
        while (!proxy.isOutboundDone()) {
            proxy.wrap(ByteBuffer.allocate(0), toClient);
        }
        assertThat(catchThrowableOfType(
                        ProxyException.class,
                        () -> step(toClient, source -> engine.unwrap(source, ByteBuffer.allocate(50_000)))))
                .hasMessage("closed the connection before it responded to CONNECT");
        engine.closeOutbound();
        for (int i = 0; i < 5 && !engine.isOutboundDone(); i++) {
            engine.wrap(ByteBuffer.allocate(0), toProxy);
        }
        assertThat(engine.isOutboundDone()).isTrue();
    }

    @Test
    void acceptsNoRecordForWhichThereIsNoRoom() {
        var record = ByteBuffer.wrap(new byte[] {23, 3, 3, 0x70, 0, 1});
        assertThat(catchThrowableOfType(SSLException.class, () -> TunnelEngine.checkRecord(record)))
                .hasMessage("a record of TLS is too large");
    }

    private interface Step {
        void run(ByteBuffer source) throws SSLException;
    }

    /** Takes what is there, until nothing more is taken. */
    private static void step(ByteBuffer bytes, Step step) throws SSLException {
        bytes.flip();
        try {
            int before;
            do {
                before = bytes.remaining();
                step.run(bytes);
            } while (bytes.hasRemaining() && bytes.remaining() < before);
        } finally {
            bytes.compact();
        }
    }

    private static void runTasks(SSLEngine engine) {
        for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private static void sendRequest(TunnelEngine engine) throws Exception {
        engine.beginHandshake();
        assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
        var sent = ByteBuffer.allocate(40_000);
        assertThat(engine.wrap(ByteBuffer.allocate(0), sent).getStatus()).isEqualTo(Status.OK);
        assertThat(sent.array()).startsWith(REQUEST);
        assertThat(sent.position()).isEqualTo(REQUEST.length);
        assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_UNWRAP);
    }

    private static SSLEngine client() throws Exception {
        return SSLContext.getDefault().createSSLEngine("api.test", 443);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
