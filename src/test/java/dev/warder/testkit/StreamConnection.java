package dev.warder.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.util.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/** One accepted HTTP/2 connection: a thread reads its frames, and scripts write theirs. Thread-safe. */
final class StreamConnection {
    private static final int PREFACE = 24;
    private static final int TABLE = 4096;
    private static final int MOST_STREAMS_SETTING = 3;
    private static final int WINDOW_SETTING = 4;
    private static final int LARGEST_FRAME = 16 * 1024;
    private static final int FIRST_WINDOW = 65_535;

    private final StreamUpstream upstream;
    private final int number;
    private final Socket plain;
    private final SSLSocket socket;
    private final Map<Integer, StreamRequest> streams = new ConcurrentHashMap<>();
    private final HPackDecoder decoder = new HPackDecoder(TABLE, StandardCharsets.ISO_8859_1);
    private volatile boolean closed;
    private volatile int streamWindow = FIRST_WINDOW;

    @GuardedBy("this")
    private final HPackEncoder encoder = new HPackEncoder(TABLE, StandardCharsets.ISO_8859_1);

    @GuardedBy("this")
    private long window = FIRST_WINDOW;

    StreamConnection(StreamUpstream upstream, int number, Socket plain, SSLSocket socket) {
        this.upstream = upstream;
        this.number = number;
        this.plain = plain;
        this.socket = socket;
    }

    int number() {
        return number;
    }

    int streamWindow() {
        return streamWindow;
    }

    synchronized long window() {
        return window;
    }

    boolean isClosed() {
        return closed;
    }

    void read() {
        try {
            var in = new DataInputStream(socket.getInputStream());
            in.readFully(new byte[PREFACE]);
            upstream.awaitSettings();
            var settings = ByteBuffer.allocate(6)
                    .putShort((short) MOST_STREAMS_SETTING)
                    .putInt(upstream.mostStreams());
            var greeting = new StreamFrame(StreamFrame.SETTINGS, 0, 0, settings.array());
            if (upstream.goesAwayAtOnce()) {
                write(greeting, new StreamFrame(StreamFrame.GOAWAY, 0, 0, new byte[8]));
            } else {
                write(greeting);
            }
            while (!closed) {
                take(StreamFrame.read(in));
            }
        } catch (IOException lost) {
            // Told below.
        } catch (Exception wrong) {
            upstream.failed(wrong);
        } finally {
            close();
        }
    }

    void close() {
        closed = true;
        try {
            plain.close();
        } catch (IOException alreadyGone) {
            // That is what was wanted.
        }
        streams.values().forEach(StreamRequest::connectionLost);
        synchronized (this) {
            notifyAll();
        }
        upstream.ended(this);
    }

    /** Writes frames in one packet. */
    synchronized void write(StreamFrame... frames) throws IOException {
        var packet = new ByteArrayOutputStream();
        for (var frame : frames) {
            packet.write(frame.bytes());
        }
        var out = socket.getOutputStream();
        out.write(packet.toByteArray());
        out.flush();
    }

    synchronized void head(int stream, List<Field> fields, int flags) throws IOException {
        var block = new ByteArrayBuffer(256);
        List<Header> headers = fields.stream()
                .<Header>map(field -> new BasicHeader(field.name(), field.value()))
                .toList();
        encoder.encodeHeaders(block, headers, true);
        var bytes = block.toByteArray();
        int type = StreamFrame.HEADERS;
        for (int at = 0; at < bytes.length; at += LARGEST_FRAME) {
            int to = Math.min(bytes.length, at + LARGEST_FRAME);
            int last = to == bytes.length ? StreamFrame.END_HEADERS : 0;
            int first = type == StreamFrame.HEADERS ? flags : 0;
            write(new StreamFrame(type, first | last, stream, Arrays.copyOfRange(bytes, at, to)));
            type = StreamFrame.CONTINUATION;
        }
    }

    /** Waits until both windows are open, and takes as much of them as is wanted and there. */
    synchronized int reserve(StreamRequest request, int wanted) throws IOException, InterruptedException {
        while (!closed && !request.isReset() && (window <= 0 || request.window() <= 0)) {
            wait(1000);
        }
        if (closed || request.isReset()) {
            throw new IOException("the stream or its connection has ended");
        }
        int room = (int) Math.min(wanted, Math.min(window, request.window()));
        window -= room;
        request.widen(-room);
        return room;
    }

    private void take(StreamFrame frame) throws Exception {
        var request = streams.get(frame.stream());
        switch (frame.type()) {
            case StreamFrame.HEADERS -> begin(frame);
            case StreamFrame.DATA -> takeData(frame, Objects.requireNonNull(request));
            case StreamFrame.SETTINGS -> takeSettings(frame);
            case StreamFrame.PING -> {
                if (!frame.is(StreamFrame.ACK)) {
                    write(new StreamFrame(StreamFrame.PING, StreamFrame.ACK, 0, frame.payload()));
                }
            }
            case StreamFrame.WINDOW_UPDATE -> widen(frame, request);
            case StreamFrame.RST_STREAM -> {
                if (request == null) {
                    throw new IllegalStateException("RST_STREAM of the idle stream " + frame.stream());
                }
                request.wasReset(frame.number());
                widen(frame, null);
            }
            case StreamFrame.GOAWAY -> closed |= streams.isEmpty();
            default -> throw new IllegalStateException("unexpected frame of type " + frame.type());
        }
    }

    private void begin(StreamFrame frame) throws Exception {
        if (!frame.is(StreamFrame.END_HEADERS)) {
            throw new IllegalStateException("the head takes more than one frame");
        }
        var fields = decoder.decodeHeaders(ByteBuffer.wrap(frame.payload())).stream()
                .map(header -> new Field(header.getName(), header.getValue()))
                .toList();
        var request = new StreamRequest(this, frame.stream(), new FieldList(fields), upstream.holdsBodies());
        streams.put(frame.stream(), request);
        upstream.serve(request);
        if (frame.is(StreamFrame.END_STREAM)) {
            request.bodyEnded();
        }
    }

    private void takeData(StreamFrame frame, StreamRequest request) throws IOException {
        request.arrived(frame.payload());
        if (frame.payload().length > 0) {
            var more = ByteBuffer.allocate(4).putInt(frame.payload().length).array();
            write(new StreamFrame(StreamFrame.WINDOW_UPDATE, 0, 0, more));
            if (!request.holdsBody()) {
                write(new StreamFrame(StreamFrame.WINDOW_UPDATE, 0, frame.stream(), more));
            }
        }
        if (frame.is(StreamFrame.END_STREAM)) {
            request.bodyEnded();
        }
    }

    private void takeSettings(StreamFrame frame) throws IOException {
        if (frame.is(StreamFrame.ACK)) {
            return;
        }
        var payload = ByteBuffer.wrap(frame.payload());
        while (payload.hasRemaining()) {
            int name = payload.getShort();
            int value = payload.getInt();
            if (name == WINDOW_SETTING) {
                streamWindow = value;
            }
        }
        write(new StreamFrame(StreamFrame.SETTINGS, StreamFrame.ACK, 0, new byte[0]));
    }

    private synchronized void widen(StreamFrame frame, @Nullable StreamRequest request) {
        if (frame.type() == StreamFrame.WINDOW_UPDATE && request != null) {
            request.widen(frame.number());
        } else if (frame.type() == StreamFrame.WINDOW_UPDATE && frame.stream() == 0) {
            window += frame.number();
        }
        notifyAll();
    }

    /** A frame of HTTP/2 (RFC 9113, section 4.1). Immutable; thread-safe, as long as nobody writes into the payload. */
    static final class StreamFrame {
        static final int DATA = 0;
        static final int HEADERS = 1;
        static final int RST_STREAM = 3;
        static final int SETTINGS = 4;
        static final int PING = 6;
        static final int GOAWAY = 7;
        static final int WINDOW_UPDATE = 8;
        static final int CONTINUATION = 9;

        static final int END_STREAM = 1;
        static final int ACK = 1;
        static final int END_HEADERS = 4;

        private static final int HEAD = 9;

        private final int type;
        private final int flags;
        private final int stream;
        private final byte[] payload;

        /** A frame of this type, which is one of the constants; stream 0 is the connection. */
        StreamFrame(int type, int flags, int stream, byte[] payload) {
            this.type = type;
            this.flags = flags;
            this.stream = stream;
            this.payload = payload;
        }

        static StreamFrame read(DataInputStream in) throws IOException {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt() & Integer.MAX_VALUE;
            return new StreamFrame(type, flags, stream, in.readNBytes(length));
        }

        byte[] bytes() {
            return ByteBuffer.allocate(HEAD + payload.length)
                    .put((byte) (payload.length >> 16))
                    .putShort((short) payload.length)
                    .put((byte) type)
                    .put((byte) flags)
                    .putInt(stream)
                    .put(payload)
                    .array();
        }

        int type() {
            return type;
        }

        int stream() {
            return stream;
        }

        byte[] payload() {
            return payload;
        }

        boolean is(int flag) {
            return (flags & flag) != 0;
        }

        int number() {
            return ByteBuffer.wrap(payload).getInt();
        }
    }
}
