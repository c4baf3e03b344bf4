package dev.warder.models;

import dev.warder.json.JsonOutline;
import dev.warder.translation.ContentEdit;
import dev.warder.translation.ResponseEdit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Appends aliases to the list of models, and removes what its reader may not use. Thread-safe.
 *
 * @param aliases each with the model that it stands for, in their order
 * @param listed which names are listed; empty for all
 */
record EditedList(Map<String, String> aliases, Optional<Predicate<String>> listed) implements ResponseEdit {
    private static final String LIMIT = "limit";

    /**
     * A limited reader gets the whole list as one page, whatever limit it asks for: on a smaller page there may be no
     * model of its own, and the clients of the API end their paging at an empty page.
     */
    @Override
    public String target(String asked) {
        if (listed.isEmpty()) {
            return asked;
        }
        int mark = asked.indexOf('?');
        String path = mark < 0 ? asked : asked.substring(0, mark);
        String query = mark < 0 ? "" : asked.substring(mark + 1);
        return path + "?"
                + Stream.concat(
                                Stream.of(query.split("&"))
                                        .filter(each -> !each.isEmpty() && !each.split("=", 2)[0].equals(LIMIT)),
                                Stream.of(ModelCatalog.QUERY))
                        .collect(Collectors.joining("&"));
    }

    @Override
    public Optional<ContentEdit> ofStream(Optional<JsonOutline> none) {
        return Optional.empty();
    }

    @Override
    public Optional<ContentEdit> ofDocument(Optional<JsonOutline> none) {
        return Optional.of(new ModelListEdit(aliases, listed));
    }
}
