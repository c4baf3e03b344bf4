package dev.warder.edit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.warder.stream.ResponseEdit.ContentEdit;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Feeds content to an edit in pieces. */
final class Pieces {
    private Pieces() {}

    /** What comes of the content in pieces of this size. */
    static String edited(ContentEdit edit, String content, int size) {
        byte[] bytes = content.getBytes(UTF_8);
        var out = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; at += size) {
            out.writeBytes(edit.feed(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size))));
        }
        out.writeBytes(edit.end());
        return out.toString(UTF_8);
    }
}
