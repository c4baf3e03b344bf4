package dev.warder.edit;

import dev.warder.body.Chunks;
import dev.warder.http.Form;
import dev.warder.json.JsonOutline;
import dev.warder.json.JsonTree;
import dev.warder.stream.ResponseEdit;
import dev.warder.stream.ResponseEdit.ContentEdit;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks for the whole list of models, and cuts the page of its reader out of it, with the aliases and without what its reader may
 * not use. On a page of the upstream's own, an alias would come a second time after a model of its name on an earlier page,
 * and a reader may not use any of its models. Thread-safe.
 *
 * @param page what its reader asks for; empty where the query is sent as it is, for the upstream to refuse it
 * @param models the models and aliases of the list
 * @param listed which names are listed; empty for all
 */
record EditedList(Optional<ListPage> page, ListedModels models, Optional<Predicate<String>> listed)
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
                    .flatMap(document -> models.in(document)
                            .map(all -> page.orElse(ListPage.FIRST).cut(document, all, listed.orElse(any -> true))))
                    .map(document -> bytes(JsonTree.body(document)))
                    .orElseGet(() -> listed.isPresent() ? NO_MODELS.clone() : whole);
        }

        private static byte[] bytes(Chunks content) {
            return content.copy(0, content.length());
        }
    }

    /**
     * The part of the list of models that a client asks for. A name that is not listed has nothing before and after it.
     * Immutable.
     *
     * @param limit the most models of the page, 1 to 1000
     * @param after the name before the page, if the client gave one
     * @param before the name after the page, if the client gave one
     */
    record ListPage(int limit, Optional<String> after, Optional<String> before) {
        static final Set<String> PARAMETERS = Set.of("limit", "after_id", "before_id");

        static final ListPage FIRST = new ListPage(20, Optional.empty(), Optional.empty());

        static Optional<ListPage> of(Form query) {
            String limit = query.values().getOrDefault("limit", Integer.toString(FIRST.limit));
            if (!limit.matches("[1-9][0-9]{0,2}|1000")) {
                return Optional.empty();
            }
            return Optional.of(
                    new ListPage(Integer.parseInt(limit), name(query, "after_id"), name(query, "before_id")));
        }

        private static Optional<String> name(Form query, String parameter) {
            return Optional.of(query.value(parameter)).filter(name -> !name.isEmpty());
        }

        /**
         * The document with this page of the list.
         *
         * @param document the upstream's whole list
         * @param models what is listed, in order
         * @param listed which names the client sees
         */
        JsonObject cut(JsonObject document, List<JsonObject> models, Predicate<String> listed) {
            var ids = models.stream().map(ListedModels::id).toList();
            int from = after.isEmpty() ? 0 : ids.contains(after.get()) ? ids.indexOf(after.get()) + 1 : ids.size();
            int to = before.map(ids::indexOf).orElse(ids.size());
            var part = models.subList(from, Math.max(from, to)).stream()
                    .filter(model -> listed.test(ListedModels.id(model)))
                    .toList();
            int more = Math.max(0, part.size() - limit);
            int skipped = before.isPresent() && after.isEmpty() ? more : 0;
            var page = part.subList(skipped, skipped + part.size() - more);
            return JsonTree.newObject(document)
                    .add("data", JsonTree.newArray(page))
                    .add("has_more", more > 0)
                    .add("first_id", cursor(page, 0))
                    .add("last_id", cursor(page, page.size() - 1))
                    .build();
        }

        private static JsonValue cursor(List<JsonObject> page, int index) {
            return page.isEmpty() ? JsonValue.NULL : JsonTree.string(ListedModels.id(page.get(index)));
        }
    }
}
