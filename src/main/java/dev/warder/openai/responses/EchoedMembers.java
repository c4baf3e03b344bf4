package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.openai.shared.Pieces;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterInputStream;
import java.util.zip.InflaterInputStream;

/**
 * The members of a request that each response object repeats, as bytes. They are compressed when they are large, because
 * a client may send 50 KB of tools, which a silent stream would keep. A member of more than 64 KiB is repeated without its
 * content, because each response has it up to three times. Immutable.
 */
public final class EchoedMembers {
    private static final int SMALL = 1024;
    private static final int LARGEST = 64 * 1024;

    private final byte[] bytes;
    private final int length;

    public EchoedMembers(JsonObject echo) {
        var members = new Pieces();
        echo.forEach((name, value) -> {
            byte[] json = JsonText.utf8(value.toString());
            members.add(JsonText.quote(name) + ":");
            members.add(json.length <= LARGEST ? json : withoutContent(name, value))
                    .add(",");
        });
        byte[] plain = members.bytes();
        this.length = plain.length;
        this.bytes = isCompressed() ? compressed(plain) : plain;
    }

    private static byte[] withoutContent(String name, JsonValue value) {
        if (name.equals("tool_choice")) {
            return JsonText.utf8("\"auto\"");
        }
        return JsonText.utf8(
                switch (value.getValueType()) {
                    case ARRAY -> "[]";
                    case OBJECT -> "{}";
                    default -> "null";
                });
    }

    private boolean isCompressed() {
        return length > SMALL;
    }

    /** The number of bytes before they are compressed. */
    public int length() {
        return length;
    }

    /** The bytes that it keeps. */
    int kept() {
        return bytes.length;
    }

    private static byte[] compressed(byte[] plain) {
        var deflater = new Deflater(Deflater.BEST_SPEED);
        try (var compressed = new DeflaterInputStream(new ByteArrayInputStream(plain), deflater)) {
            return compressed.readAllBytes();
        } catch (IOException ownData) {
            throw new UncheckedIOException(ownData);
        } finally {
            deflater.end();
        }
    }

    byte[] json() {
        if (!isCompressed()) {
            return bytes;
        }
        try (var plain = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            byte[] all = new byte[length];
            plain.readNBytes(all, 0, length);
            return all;
        } catch (IOException ownData) {
            throw new UncheckedIOException(ownData);
        }
    }
}
