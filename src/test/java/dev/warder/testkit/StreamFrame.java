package dev.warder.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A frame of HTTP/2 (RFC 9113, section 4.1). Immutable; thread-safe, as long as nobody writes into the payload. */
final class StreamFrame {
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
