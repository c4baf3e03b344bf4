package dev.warder.testkit;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
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
}
