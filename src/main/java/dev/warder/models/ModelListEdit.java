package dev.warder.models;

import dev.warder.body.Chunks;
import dev.warder.json.JsonTree;
import dev.warder.translation.ContentEdit;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Cuts a page out of the whole list of models, with the aliases and without the names that its reader may not use. The list is
 * held back until it is whole. A list that is too large or cannot be read passes as it is, or is replaced by an empty one if
 * names are to be removed. One thread at a time.
 */
final class ModelListEdit implements ContentEdit {
    /** Bytes that are held back at most: more than the API's whole list has. */
    private static final int LARGEST = 1 << 20;

    private static final byte[] NOTHING = {};
    private static final byte[] NO_MODELS =
            "{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}".getBytes(StandardCharsets.US_ASCII);

    private final ListPage page;
    private final Map<String, String> aliases;
    private final Optional<Predicate<String>> listed;
    private Chunks list = new Chunks();
    private boolean over;

    /**
     * Creates it.
     *
     * @param page what its reader asks for
     * @param aliases each with the model that it stands for, in their order
     * @param listed which names are listed; empty for all
     */
    ModelListEdit(ListPage page, Map<String, String> aliases, Optional<Predicate<String>> listed) {
        this.page = page;
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
        byte[] whole = bytes(list);
        return JsonTree.parseObject(whole, 0, whole.length)
                .flatMap(document -> ListedModels.of(document, aliases)
                        .map(models -> page.cut(document, models, listed.orElse(any -> true))))
                .map(document -> bytes(JsonTree.body(document)))
                .orElseGet(() -> listed.isPresent() ? NO_MODELS.clone() : whole);
    }

    private static byte[] bytes(Chunks content) {
        return content.copy(0, content.length());
    }
}
