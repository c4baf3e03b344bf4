package dev.warder.edit;

import dev.warder.body.Chunks;
import dev.warder.json.JsonOutline;
import dev.warder.json.JsonTree;
import dev.warder.stream.ContentEdit;
import dev.warder.stream.ResponseEdit;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks for the whole list of models, and cuts the page of its reader out of it, with the aliases and without what its reader may
 * not use. On a page of the upstream's own, an alias would come a second time after a model of its name on an earlier page,
 * and a reader may not use any of its models. Thread-safe.
 *
 * @param page what its reader asks for; empty where the query is sent as it is, for the upstream to refuse it
 * @param aliases each with the model that it stands for, in their order
 * @param listed which names are listed; empty for all
 */
record EditedList(Optional<ListPage> page, Map<String, String> aliases, Optional<Predicate<String>> listed)
        implements ResponseEdit {
    @Override
    public String target(String asked) {
        if (page.isEmpty()) {
            return asked;
        }
        int mark = asked.indexOf('?');
        String path = mark < 0 ? asked : asked.substring(0, mark);
        String query = mark < 0 ? "" : asked.substring(mark + 1);
        return path + "?"
                + Stream.concat(
                                Stream.of(query.split("&"))
                                        .filter(each -> !each.isEmpty() && !ListPage.PARAMETERS.contains(name(each))),
                                Stream.of(ModelCatalog.QUERY))
                        .collect(Collectors.joining("&"));
    }

    private static String name(String parameter) {
        return URLDecoder.decode(parameter.split("=", 2)[0], StandardCharsets.UTF_8);
    }

    @Override
    public Optional<ContentEdit> ofStream(Optional<JsonOutline> none) {
        return Optional.empty();
    }

    @Override
    public Optional<ContentEdit> ofDocument(Optional<JsonOutline> none) {
        // A page of the upstream's own, whose place in the list is not known.
        return page.isEmpty() && listed.isEmpty() ? Optional.empty() : Optional.of(new Cut());
    }

    /**
     * Holds the list back until it is whole. A list that is too large or cannot be read passes as it is, or is replaced by an empty one
     * if names are to be removed. One thread at a time.
     */
    private final class Cut implements ContentEdit {
        /** Bytes that are held back at most: more than the API's whole list has. */
        private static final int LARGEST = 1 << 20;

        private static final byte[] NOTHING = {};
        private static final byte[] NO_MODELS = "{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}"
                .getBytes(StandardCharsets.US_ASCII);

        private Chunks list = new Chunks();
        private boolean over;

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
                    .flatMap(document -> ListedModels.of(document, aliases).map(models -> page.orElse(ListPage.FIRST)
                            .cut(document, models, listed.orElse(any -> true))))
                    .map(document -> bytes(JsonTree.body(document)))
                    .orElseGet(() -> listed.isPresent() ? NO_MODELS.clone() : whole);
        }

        private static byte[] bytes(Chunks content) {
            return content.copy(0, content.length());
        }
    }
}
