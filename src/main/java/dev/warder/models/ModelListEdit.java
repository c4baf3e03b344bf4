package dev.warder.models;

import dev.warder.body.Chunks;
import dev.warder.json.JsonException;
import dev.warder.json.JsonScanner;
import dev.warder.translation.ContentEdit;
import java.util.Map;

/**
 * Appends aliases to a list of models. The list is held back until it is whole; one that is too large, cannot be read or
 * has further pages passes as it is. One thread at a time.
 */
final class ModelListEdit implements ContentEdit {
    /** Bytes that are held back at most: more than the API's whole list has. */
    private static final int LARGEST = 1 << 20;

    private static final byte[] NOTHING = {};

    private final Map<String, String> aliases;
    private final Chunks list = new Chunks();
    private boolean over;

    /** @param aliases each with the model that it stands for, in their order */
    ModelListEdit(Map<String, String> aliases) {
        this.aliases = aliases;
    }

    @Override
    public byte[] feed(byte[] piece) {
        if (over) {
            return piece;
        }
        list.append(piece, 0, piece.length);
        over = list.length() > LARGEST;
        return over ? bytes(list) : NOTHING;
    }

    @Override
    public byte[] end() {
        if (over) {
            return NOTHING;
        }
        over = true;
        var found = new ModelList(list);
        try {
            JsonScanner.scan(list, 0, list.length(), found);
        } catch (JsonException noJson) {
            return bytes(list);
        }
        return bytes(list.splice(found.append(aliases)));
    }

    private static byte[] bytes(Chunks content) {
        return content.copy(0, content.length());
    }
}
