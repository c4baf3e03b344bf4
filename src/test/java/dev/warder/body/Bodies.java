package dev.warder.body;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** Bodies for tests. */
public final class Bodies {
    private Bodies() {}

    /** A body of these bytes. */
    public static Chunks of(byte[] bytes) {
        Chunks body = new Chunks(bytes.length);
        body.append(bytes, 0, bytes.length);
        return body;
    }

    /** A body of this text in UTF-8. */
    public static Chunks of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The text in UTF-8 and gzip. */
    public static byte[] gzip(String text) {
        return gzip(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes in gzip. */
    public static byte[] gzip(byte[] bytes) {
        var coded = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(coded)) {
            out.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return coded.toByteArray();
    }

    /** The whole body, read as UTF-8. */
    public static String text(Chunks body) {
        return new String(body.copy(0, body.length()), StandardCharsets.UTF_8);
    }
}
