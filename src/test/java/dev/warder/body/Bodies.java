package dev.warder.body;

import java.nio.charset.StandardCharsets;

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

    /** The whole body, read as UTF-8. */
    public static String text(Chunks body) {
        return new String(body.copy(0, body.length()), StandardCharsets.UTF_8);
    }
}
