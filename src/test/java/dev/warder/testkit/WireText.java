package dev.warder.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the parts of HTTP/1.1 messages. Thread-safe. */
final class WireText {
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
