package dev.warder.models;

import dev.warder.body.Chunks;
import dev.warder.body.Splice;
import dev.warder.json.JsonException;
import dev.warder.json.JsonScanner;
import dev.warder.translation.ContentEdit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Appends aliases to a list of models, and removes names from it. The list is held back until it is whole. A list that is too
 * large or cannot be read passes as it is, or is replaced by an empty one if names are to be removed. A list that has further
 * pages gets no aliases. One thread at a time.
 */
final class ModelListEdit implements ContentEdit {
    /** Bytes that are held back at most: more than the API's whole list has. */
    private static final int LARGEST = 1 << 20;

    private static final byte[] NOTHING = {};
    private static final byte[] NO_MODELS =
            "{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}".getBytes(StandardCharsets.US_ASCII);

    private final Map<String, String> aliases;
    private final Optional<Predicate<String>> listed;
    private Chunks list = new Chunks();
    private boolean over;

    /**
     * Creates it.
     *
     * @param aliases each with the model that it stands for, in their order
     * @param listed which names are listed; empty for all
     */
    ModelListEdit(Map<String, String> aliases, Optional<Predicate<String>> listed) {
        this.aliases = aliases;
        this.listed = listed;
    }

    @Override
    public byte[] feed(byte[] piece) {
        if (over) {
            return listed.isPresent() ? NOTHING : piece;
        }
        list.append(piece, 0, piece.length);
        if (list.length() <= LARGEST) {
            return NOTHING;
        }
        over = true;
        byte[] first = listed.isPresent() ? NOTHING : bytes(list);
        list = new Chunks();
        return first;
    }

    @Override
    public byte[] end() {
        if (over) {
            return listed.isPresent() ? NO_MODELS.clone() : NOTHING;
        }
        over = true;
        var found = new ModelList(list);
        try {
            JsonScanner.scan(list, 0, list.length(), found);
        } catch (JsonException noJson) {
            return listed.isPresent() ? NO_MODELS.clone() : bytes(list);
        }
        Optional<List<Splice>> changes =
                listed.isPresent() ? found.restrict(listed.get(), aliases) : Optional.of(found.append(aliases));
        return changes.map(splices -> bytes(list.splice(splices))).orElseGet(NO_MODELS::clone);
    }

    private static byte[] bytes(Chunks content) {
        return content.copy(0, content.length());
    }
}
