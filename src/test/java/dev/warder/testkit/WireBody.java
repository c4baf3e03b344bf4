package dev.warder.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The decoded body of one HTTP/1.1 message (RFC 9112 section 6). One thread at a time. */
final class WireBody {
    private enum Framing {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private final WireReader reader;
    private final Framing framing;
    private long left;
    private boolean firstChunk = true;
    private boolean ended;
    private List<Field> trailers = List.of();

    private WireBody(WireReader reader, Framing framing, long left) {
        this.reader = reader;
        this.framing = framing;
        this.left = left;
        this.ended = framing == Framing.LENGTH && left == 0;
    }

    static WireBody ofRequest(WireReader reader, FieldList fields) {
        return of(reader, fields, new WireBody(reader, Framing.LENGTH, 0));
    }

    static WireBody ofResponse(WireReader reader, int status, boolean toHead, FieldList fields) {
        return toHead || status < 200 || status == 204 || status == 304
                ? new WireBody(reader, Framing.LENGTH, 0)
                : of(reader, fields, new WireBody(reader, Framing.UNTIL_CLOSE, 0));
    }

    private static WireBody of(WireReader reader, FieldList fields, WireBody otherwise) {
        if (fields.lists("Transfer-Encoding", "chunked")) {
            return new WireBody(reader, Framing.CHUNKED, 0);
        }
        return fields.first("Content-Length")
                .map(length -> new WireBody(reader, Framing.LENGTH, Long.parseLong(length)))
                .orElse(otherwise);
    }

    /** Whether the end of the body was seen. */
    boolean ended() {
        return ended;
    }

    /** The trailer fields, known once the body ended. */
    List<Field> trailers() {
        return trailers;
    }

    /** Reads at least one decoded byte, or answers -1 at the proper end; throws {@link EOFException} when cut short. */
    int read(byte[] buffer, int offset, int length) throws IOException {
        if (!ended && framing == Framing.CHUNKED && left == 0) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        var wanted = framing == Framing.UNTIL_CLOSE ? length : (int) Math.min(length, left);
        var count = reader.read(buffer, offset, wanted);
        if (count < 0) {
            return closed();
        }
        left -= framing == Framing.UNTIL_CLOSE ? 0 : count;
        ended = framing == Framing.LENGTH && left == 0;
        return count;
    }

    private int closed() throws EOFException {
        if (framing != Framing.UNTIL_CLOSE) {
            throw new EOFException("closed with " + left + " bytes of the body or chunk to come");
        }
        ended = true;
        return -1;
    }

    private void nextChunk() throws IOException {
        if (!firstChunk) {
            chunkLine();
        }
        firstChunk = false;
        var size = chunkLine().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        left = Long.parseLong(size, 16);
        if (left == 0) {
            trailers = reader.readTrailers();
            ended = true;
        }
    }

    private String chunkLine() throws IOException {
        var raw = new StringBuilder();
        var line = reader.readLine(raw);
        if (raw.isEmpty()) {
            throw new EOFException("closed between two chunks");
        }
        return line;
    }
}
