package dev.warder.upstream;

import dev.warder.upstream.Outbound.ProxyException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * Opens a tunnel through a proxy before the handshake with the target (CONNECT; RFC 9110, section 9.3.6): its first bytes are the
 * request to the proxy, the first ones that it accepts are the head of the proxy's response, and after these it is the target's
 * engine. HttpCore 5.4.4 has a connection's engine in common for HTTP/1.1 and HTTP/2; HttpClient 5.6.5 makes tunnels for HTTP/1.1
 * alone, and passes a proxy's refusal on as if it were the target's response.
 *
 * <p>As thread-safe as the target's engine: before the tunnel is open, one thread at a time.
 */
final class TunnelEngine extends DelegatingEngine {
    /** Of all heads, since a proxy may send some with a status of 1xx before the final one. */
    private static final int LARGEST_HEADS = 16 * 1024;

    private static final String PROTOCOL = "HTTP/1.";

    /** From the first byte of the request to the last one of the response's head. */
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);

    /** A record of TLS with its head: HttpCore has room for no larger one, and would ask for it again and again. */
    private static final int LARGEST_RECORD = 16_709;

    private static final int HEAD_OF_RECORD = 5;

    private static final Pattern HTML = Pattern.compile("content-type:\\s*text/html");
    private static final Pattern STATUS_LINE = Pattern.compile("http/1\\.[0-9] ([0-9]{3})( .*)?");

    private ByteBuffer request;
    private final boolean authenticates;
    private ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final long begun = System.nanoTime();
    private int size;
    private boolean endsLine;
    private volatile boolean open;
    private volatile boolean closed;

    /** @param request the whole head of the request to the proxy */
    TunnelEngine(SSLEngine target, byte[] request, boolean authenticates) {
        super(target);
        this.request = ByteBuffer.wrap(request);
        this.authenticates = authenticates;
    }

    boolean isOpen() {
        return open;
    }

    /** The handshake with the target begins when the tunnel is open. */
    @Override
    public void beginHandshake() {}

    @Override
    public HandshakeStatus getHandshakeStatus() {
        if (open) {
            return target.getHandshakeStatus();
        }
        return request.hasRemaining() && !closed ? HandshakeStatus.NEED_WRAP : HandshakeStatus.NEED_UNWRAP;
    }

    @Override
    public void closeOutbound() {
        closed = true;
        target.closeOutbound();
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer into) throws SSLException {
        if (open || closed) {
            return target.wrap(sources, offset, length, into);
        }
        int count = Math.min(request.remaining(), into.remaining());
        into.put(request.slice().limit(count));
        request.position(request.position() + count);
        return new SSLEngineResult(Status.OK, getHandshakeStatus(), 0, count);
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] into, int offset, int length) throws SSLException {
        if (open) {
            checkRecord(source);
            return target.unwrap(source, into, offset, length);
        }
        if (System.nanoTime() - begun > LONGEST) {
            throw new ProxyException("did not respond to CONNECT in time", true);
        }
        int before = source.position();
        boolean whole = false;
        while (source.hasRemaining() && !whole) {
            whole = isWholeWith(source.get()) && accepts(source.hasRemaining());
        }
        if (whole) {
            target.beginHandshake();
            open = true;
            // They stay as long as the connection otherwise, and the login with them.
            request = ByteBuffer.allocate(0);
            head = new ByteArrayOutputStream(0);
        }
        var status = whole ? Status.OK : Status.BUFFER_UNDERFLOW;
        return new SSLEngineResult(status, getHandshakeStatus(), source.position() - before, 0);
    }

    /** Refuses a record that is too large, of which {@code source} begins with the head. */
    static void checkRecord(ByteBuffer source) throws SSLException {
        if (source.remaining() >= HEAD_OF_RECORD) {
            int length = source.getShort(source.position() + HEAD_OF_RECORD - Short.BYTES) & 0xffff;
            if (length + HEAD_OF_RECORD > LARGEST_RECORD) {
                throw new SSLException("a record of TLS is too large");
            }
        }
    }

    private boolean isWholeWith(byte next) throws ProxyException {
        head.write(next);
        size++;
        if (size > LARGEST_HEADS || head.size() <= PROTOCOL.length() && next != PROTOCOL.charAt(head.size() - 1)) {
            throw noHttp();
        }
        // A recipient may accept an LF alone (RFC 9112, section 2.2).
        boolean whole = endsLine && next == '\n';
        endsLine = next == '\n' || endsLine && next == '\r';
        return whole;
    }

    private static ProxyException noHttp() {
        return refused("did not respond to CONNECT with HTTP");
    }

    private static ProxyException refused(String what) {
        return new ProxyException(what, false);
    }

    /**
     * Whether the head is that of the final response, which opens the tunnel.
     *
     * @param more whether bytes follow, which no target sends before its client
     */
    private boolean accepts(boolean more) throws ProxyException {
        var lines = head.toString(StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT)
                .lines()
                .toList();
        var line = STATUS_LINE.matcher(lines.get(0));
        if (!line.matches()) {
            throw noHttp();
        }
        int status = Integer.parseInt(line.group(1));
        if (status / 100 == 1 && status != 101) {
            head.reset();
            endsLine = false;
            return false;
        }
        // tinyproxy returns 401 for a login that it does not accept.
        if (status == 407 || status == 401) {
            throw refused("returned " + status + ": " + reason(lines));
        }
        if (status / 100 != 2) {
            throw refused("returned " + status + " to CONNECT");
        }
        if (more || lines.stream().anyMatch(each -> HTML.matcher(each).lookingAt())) {
            throw refused("returned " + status + " and a page instead of a tunnel");
        }
        return true;
    }

    private String reason(List<String> lines) {
        var offered = lines.stream()
                .filter(each -> each.startsWith("proxy-authenticate:"))
                .toList();
        boolean unsupported = !offered.isEmpty() && offered.stream().noneMatch(each -> each.contains("basic"));
        if (unsupported) {
            return "it does not offer Basic authentication; NTLM, Negotiate (Kerberos) and Digest are not supported";
        }
        return authenticates ? "it does not accept upstream.proxyLogin" : "it requires upstream.proxyLogin";
    }
}
