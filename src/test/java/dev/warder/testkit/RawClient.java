package dev.warder.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * An HTTP/1.1 client on a bare socket that can be as rude and slow as a test wants: it sends what it is given and reads
 * only when asked. A read that waits longer than 20 s throws {@link SocketTimeoutException}. One thread at a time.
 */
public final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final WireReader reader;
    private boolean headOnly;
    private Optional<WireReader.WireBody> current = Optional.empty();

    private RawClient(Socket socket, int step) throws IOException {
        this.socket = socket;
        this.reader = new WireReader(new SteppedInput(socket.getInputStream(), step));
    }

    /** Connects to host and port of the address. */
    public static RawClient connect(URI address) throws IOException {
        return connect(address, 0);
    }

    /** Connects with a receive buffer of this many bytes, 0 for the default: a small one lets the sender feel a pause. */
    public static RawClient connect(URI address, int receiveBuffer) throws IOException {
        return connect(address, receiveBuffer, Integer.MAX_VALUE);
    }

    /** The same, and never reads more than {@code step} bytes at once from the socket. */
    public static RawClient connect(URI address, int receiveBuffer, int step) throws IOException {
        var socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), 20_000);
        return new RawClient(socket, step);
    }

    /** Connects with TLS 1.2 or newer and speaks HTTP/1.1, whatever else the other side offers. */
    public static RawClient connect(URI address, SSLContext trusting) throws IOException {
        return connect(address, trusting, InetAddress.getLoopbackAddress());
    }

    /** The same from an address of this machine. */
    public static RawClient connect(URI address, SSLContext trusting, InetAddress from) throws IOException {
        var socket = trusting.getSocketFactory().createSocket(address.getHost(), address.getPort(), from, 0);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return new RawClient(socket, Integer.MAX_VALUE);
    }

    /** Sends one request on a new connection and answers the whole answer. */
    public static RawResponse exchange(URI address, RawRequest request) throws IOException {
        try (var client = connect(address)) {
            return client.exchange(request);
        }
    }

    /** Sends one request on this connection and reads its whole answer. */
    public RawResponse exchange(RawRequest request) throws IOException {
        return send(request).readResponse();
    }

    /** Sets how long a read may wait, in milliseconds. */
    public RawClient readTimeout(int milliseconds) throws SocketException {
        socket.setSoTimeout(milliseconds);
        return this;
    }

    /** Sends a whole request. */
    public RawClient send(RawRequest request) throws IOException {
        headOnly = request.asksForHeadOnly();
        return send(request.bytes());
    }

    /** Sends bytes as they are. */
    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Sends text as it is, as UTF-8. */
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes as one chunk of a chunked request body; no bytes make the last chunk. */
    public RawClient sendChunk(byte[] bytes) throws IOException {
        return send(Integer.toHexString(bytes.length) + "\r\n").send(bytes).send("\r\n");
    }

    /** Reads the next head, interim ones (1xx) too; {@link EOFException} when the connection ends before it. */
    public RawHead readInterimOrHead() throws IOException {
        var head = reader.readHead().orElseThrow(() -> new EOFException("closed without an answer"));
        var status = status(head);
        current = Optional.of(WireReader.WireBody.ofResponse(reader, status, headOnly, head.fields()));
        return new RawHead(status, head.fields(), head.raw());
    }

    /** Reads the head of the answer, skipping interim ones; {@link EOFException} when the connection ends before it. */
    public RawHead readHead() throws IOException {
        var head = readInterimOrHead();
        return head.status() < 200 ? readHead() : head;
    }

    /** Reads the decoded body bytes that come next, at most this many; none at the body's proper end. */
    public byte[] readSome(int limit) throws IOException {
        var buffer = new byte[limit];
        var count = body().read(buffer, 0, limit);
        return Arrays.copyOf(buffer, Math.max(0, count));
    }

    /** Reads to the body's end and keeps nothing but its length and CRC-32C; {@link EOFException} when cut short. */
    public Summary readSummary() throws IOException {
        var digested = new Digested(0);
        for (var piece = readSome(64 * 1024); piece.length > 0; piece = readSome(64 * 1024)) {
            digested.add(piece, 0, piece.length);
        }
        return new Summary(digested.length().value(), digested.crc32c());
    }

    /** Reads one block of an event stream; empty at the body's proper end, {@link EOFException} when cut short. */
    public Optional<RawEvent> readEvent() throws IOException {
        var raw = new ByteArrayOutputStream();
        var one = new byte[1];
        var lineLength = 0;
        while (body().read(one, 0, 1) > 0) {
            raw.write(one[0]);
            if (one[0] == '\n' && lineLength == 0) {
                return Optional.of(SecretWatch.seen(new RawEvent(raw.toString(StandardCharsets.UTF_8))));
            }
            lineLength = one[0] == '\n' ? 0 : lineLength + (one[0] == '\r' ? 0 : 1);
        }
        return raw.size() == 0
                ? Optional.empty()
                : Optional.of(SecretWatch.seen(new RawEvent(raw.toString(StandardCharsets.UTF_8))));
    }

    /** Reads a whole answer, skipping interim heads; a body cut short is told by {@link RawResponse#truncated()}. */
    public RawResponse readResponse() throws IOException {
        return readBody(readHead());
    }

    /** Reads the rest of the answer whose head was read. */
    public RawResponse readBody(RawHead head) throws IOException {
        var all = new ByteArrayOutputStream();
        var truncated = false;
        try {
            for (var piece = readSome(64 * 1024); piece.length > 0; piece = readSome(64 * 1024)) {
                all.writeBytes(piece);
            }
        } catch (EOFException | SocketException cut) {
            truncated = true;
        }
        List<Field> trailers = current.map(WireReader.WireBody::trailers).orElse(List.of());
        return SecretWatch.seen(new RawResponse(head, all.toByteArray(), trailers, truncated));
    }

    /** Waits for the other side to close: true when the next read finds the end or a reset, false when bytes come. */
    public boolean closedByPeer() throws IOException {
        try {
            return reader.read(new byte[1], 0, 1) < 0;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Says that nothing more will be sent (FIN) and stays able to read. */
    public void finishSending() throws IOException {
        socket.shutdownOutput();
    }

    /** Leaves with a reset (RST). */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Leaves with FIN. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static int status(WireReader.WireHead head) {
        if (!head.raw().startsWith("HTTP/")) {
            throw new IllegalStateException("not a response: " + head.raw());
        }
        return Integer.parseInt(head.word(1));
    }

    private WireReader.WireBody body() {
        return current.orElseThrow(() -> new IllegalStateException("read the head first"));
    }

    /**
     * A body that was read and not kept.
     *
     * @param length in bytes
     * @param crc32c of all bytes
     */
    public record Summary(long length, long crc32c) {}

    /** Takes no more than a few bytes at once from a socket, however many there are. One thread at a time. */
    private static final class SteppedInput extends FilterInputStream {
        private final int step;

        SteppedInput(InputStream socket, int step) {
            super(socket);
            this.step = step;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return super.read(buffer, offset, Math.min(length, step));
        }
    }
}
