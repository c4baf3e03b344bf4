package dev.warder.openai.output;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The members of a request that each response object repeats, as bytes. They are compressed when they are large, because
 * a client may send 50 KB of tools, which a silent stream would keep. Immutable.
 */
final class EchoedMembers {
    private static final int SMALL = 1024;

    private final byte[] bytes;
    /** The number of bytes before compression; 0 where there was none. */
    private final int length;

    /** @param own the names of members that the response has itself */
    EchoedMembers(JsonObject echo, Set<String> own) {
        var members = JsonTree.newObject(echo);
        own.forEach(members::remove);
        String json = members.build().toString();
        byte[] plain = JsonText.utf8(json.length() > 2 ? json.substring(1, json.length() - 1) + "," : "");
        boolean large = plain.length > SMALL;
        this.length = large ? plain.length : 0;
        this.bytes = large ? compressed(plain) : plain;
    }

    private static byte[] compressed(byte[] plain) {
        var deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(plain);
            deflater.finish();
            byte[] buffer = new byte[SMALL];
            var all = new Pieces();
            while (!deflater.finished()) {
                all.add(buffer, 0, deflater.deflate(buffer));
            }
            return all.bytes();
        } finally {
            deflater.end();
        }
    }

    /** The members, each followed by a comma. */
    byte[] json() {
        if (length == 0) {
            return bytes;
        }
        var inflater = new Inflater();
        try {
            inflater.setInput(bytes);
            byte[] plain = new byte[length];
            inflater.inflate(plain);
            return plain;
        } catch (DataFormatException ownData) {
            throw new IllegalStateException(ownData);
        } finally {
            inflater.end();
        }
    }
}
