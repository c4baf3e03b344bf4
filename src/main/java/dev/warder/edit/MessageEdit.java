package dev.warder.edit;

import dev.warder.body.Chunks;
import dev.warder.body.Splice;
import dev.warder.json.JsonException;
import dev.warder.json.JsonKind;
import dev.warder.json.JsonScanner;
import dev.warder.stream.ResponseEdit.ContentEdit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Replaces the string member {@code model} of a JSON document while it passes. The first 64 KiB are held back until the
 * document ends, so that one that is no JSON passes unchanged; of a larger one, only what may still become such a member.
 * From the first byte that is no JSON on, everything passes as it is. One thread at a time.
 */
final class MessageEdit implements ContentEdit, JsonScanner.Handler {
    private static final int HELD_AT_FIRST = 64 * 1024;

    /** Bytes that a value may have to be replaced; the API has names of 256 characters at most. */
    private static final int LONGEST_VALUE = 4 * 1024;

    private static final byte[] MODEL = "\"model\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};
    private static final long NONE = -1;

    private final byte[] literal;
    private final JsonScanner scanner = JsonScanner.ofResponse(this);
    private final List<Splice> models = new ArrayList<>();
    private Chunks held = new Chunks();
    /** The offset in the document at which the held bytes begin. */
    private long base;
    /** The offset after the member's name while its value has not ended. */
    private long named = NONE;

    private long replaced;

    private int depth;
    private boolean over;

    MessageEdit(byte[] literal) {
        this.literal = literal;
    }

    @Override
    public byte[] feed(byte[] piece) {
        if (over) {
            return piece;
        }
        held.append(piece, 0, piece.length);
        try {
            scanner.feed(piece, 0, piece.length);
        } catch (JsonException noJson) {
            return unchanged();
        }
        if (base == 0 && held.length() <= HELD_AT_FIRST) {
            return NOTHING;
        }
        if (named != NONE && position() - named > LONGEST_VALUE) {
            named = NONE;
        }
        return release(named == NONE ? Math.max(replaced, position() - MODEL.length) : named);
    }

    @Override
    public byte[] end() {
        if (over) {
            return NOTHING;
        }
        try {
            scanner.finish();
        } catch (JsonException incomplete) {
            return unchanged();
        }
        over = true;
        return release(position());
    }

    @Override
    public void open(JsonKind kind, long at) {
        depth++;
        named = NONE;
    }

    @Override
    public void close(JsonKind kind, long at) {
        depth--;
    }

    @Override
    public void name(long from, long to) {
        if (depth == 1 && to - from == MODEL.length) {
            named = Arrays.equals(held.copy(from - base, to - base), MODEL) ? to : NONE;
        }
    }

    @Override
    public void scalar(JsonKind kind, long from, long to) {
        if (named != NONE && kind == JsonKind.STRING) {
            models.add(new Splice(from - base, to - base, literal));
            replaced = to;
        }
        named = NONE;
    }

    /** The offset in the document after the bytes that have come. */
    private long position() {
        return base + held.length();
    }

    private byte[] unchanged() {
        over = true;
        models.clear();
        return release(position());
    }

    /** The bytes before the offset {@code to}, edited: none of the edits lies beyond it. */
    private byte[] release(long to) {
        long count = Math.max(0, to - base);
        byte[] edited = Splice.apply(held.copy(0, count), models);
        byte[] rest = held.copy(count, held.length());
        models.clear();
        held = new Chunks(rest.length);
        held.append(rest, 0, rest.length);
        base += count;
        return edited;
    }
}
