package dev.warder.testkit;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads HTTP/1.1 heads and bytes from a connection, leniently: what is odd shall reach the test. One thread at a time. */
final class WireReader {
    private static final int HEAD_LIMIT = 4 << 20;

    private final InputStream in;

    WireReader(InputStream in) {
        this.in = new BufferedInputStream(in, 16 * 1024);
    }

    /** The next head; empty when the other side closed before its first byte. Throws {@link EOFException} in mid-head. */
    Optional<WireHead> readHead() throws IOException {
        var raw = new StringBuilder();
        var startLine = "";
        var lines = new ArrayList<Field>();
        while (true) {
            var line = readLine(raw);
            if (line.isEmpty()) {
                return raw.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new WireHead(raw.toString(), startLine, new FieldList(lines)));
            }
            if (startLine.isEmpty()) {
                startLine = line;
            } else {
                lines.add(field(line));
            }
        }
    }

    /** The trailer fields behind the last chunk. */
    List<Field> readTrailers() throws IOException {
        var raw = new StringBuilder();
        var lines = new ArrayList<Field>();
        for (var line = readLine(raw); !line.isEmpty(); line = readLine(raw)) {
            lines.add(field(line));
        }
        if (raw.isEmpty()) {
            throw new EOFException("closed inside the trailers");
        }
        return lines;
    }

    /** One line without its break; empty for an empty line and, with nothing added to {@code raw}, at the end. */
    String readLine(StringBuilder raw) throws IOException {
        var from = raw.length();
        while (true) {
            var next = in.read();
            if (next < 0) {
                if (raw.isEmpty()) {
                    return "";
                }
                throw new EOFException("closed inside the line " + raw.substring(from));
            }
            raw.append((char) next);
            if (next == '\n') {
                return raw.substring(from).stripTrailing();
            }
            if (raw.length() > HEAD_LIMIT) {
                throw new IOException("head over " + HEAD_LIMIT + " bytes");
            }
        }
    }

    int read(byte[] buffer, int offset, int length) throws IOException {
        return in.read(buffer, offset, length);
    }

    private static Field field(String line) {
        var colon = line.indexOf(':');
        return colon < 0
                ? new Field(line, "")
                : new Field(line.substring(0, colon), line.substring(colon + 1).strip());
    }

    /**
     * The head of an HTTP/1.1 message.
     *
     * @param raw every byte up to and including the empty line, as ISO 8859-1
     * @param startLine the request line or status line
     */
    record WireHead(String raw, String startLine, FieldList fields) {
        /** The word of the start line at this place, counted from 0; empty when the line is shorter. */
        String word(int place) {
            var words = startLine.split(" ", 3);
            return place < words.length ? words[place] : "";
        }
    }

    /** The decoded body of one HTTP/1.1 message (RFC 9112 section 6). One thread at a time. */
    static final class WireBody {
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

    /** Writes the parts of HTTP/1.1 messages. Thread-safe. */
    static final class WireText {
        private WireText() {}

        static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }

        static String lines(List<Field> fields) {
            var text = new StringBuilder();
            fields.forEach(field -> text.append(field.line()));
            return text.append("\r\n").toString();
        }

        /** One chunk in one piece, so that it can go in one packet. */
        static byte[] chunk(byte[] bytes) {
            var start = bytes(Integer.toHexString(bytes.length) + "\r\n");
            var chunk = new byte[start.length + bytes.length + 2];
            System.arraycopy(start, 0, chunk, 0, start.length);
            System.arraycopy(bytes, 0, chunk, start.length, bytes.length);
            chunk[chunk.length - 2] = '\r';
            chunk[chunk.length - 1] = '\n';
            return chunk;
        }
    }
}
