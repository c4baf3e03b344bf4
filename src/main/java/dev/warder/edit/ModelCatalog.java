package dev.warder.edit;

import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The capabilities of each model, found by its id. The shipped rows are those of {@code models.json}; the upstream's
 * {@code GET
 * /v1/models} overrides them, and the operator's rows override both. Immutable.
 */
public final class ModelCatalog {
    /** The query of {@code GET /v1/models}: the most models that one page can have, more than the API has. */
    public static final String QUERY = "limit=1000";

    private static final Pattern SUFFIX = Pattern.compile("[\\[:]");

    private static final String NEWEST_OPUS = "claude-opus";

    private final NavigableMap<ModelName, ModelCapabilities> named;
    private final Map<String, ModelCapabilities> others;

    private ModelCatalog(NavigableMap<ModelName, ModelCapabilities> named, Map<String, ModelCapabilities> others) {
        this.named = named;
        this.others = others;
    }

    /** The rows that come with Warder. */
    public static ModelCatalog shipped() {
        try (var rows = ModelCatalog.class.getResourceAsStream("models.json")) {
            if (rows == null) {
                throw new IllegalStateException("models.json is missing");
            }
            String text = new String(rows.readAllBytes(), StandardCharsets.UTF_8);
            return new ModelCatalog(new TreeMap<>(), Map.of())
                    .withRows(JsonTree.parseDistinctObject(text).orElseThrow());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * This catalog with the rows of {@code document} over its own: {@code {"data": [{"id": …, "max_tokens": …,
     * "capabilities": {…}}]}}, where {@code ids} may name several models. What a row does not state stays as
     * {@link #find} had it. Anything else is skipped.
     */
    public ModelCatalog withRows(JsonObject document) {
        var more = new ModelCatalog(new TreeMap<>(named), new HashMap<>(others));
        if (document.get("data") instanceof JsonArray rows) {
            for (var row : rows) {
                if (row instanceof JsonObject object) {
                    ids(object).forEach(id -> more.put(id, find(id).with(object)));
                }
            }
        }
        return more;
    }

    /**
     * The row of a model's id, dated or not. An id between two rows of its family has the newer one's, older than all the
     * oldest, newer than all the newest; of an unknown family it has the newest Opus row.
     */
    public ModelCapabilities find(String id) {
        return Optional.ofNullable(others.get(id))
                .or(() -> ModelName.of(id).flatMap(this::find))
                .or(() -> ModelName.of(NEWEST_OPUS).flatMap(this::find))
                .orElse(ModelCapabilities.NONE);
    }

    /**
     * The most tokens of a prompt that a model accepts; a million if neither it nor its family is known. With a suffix
     * such as
     * {@code [1m]}, a model may accept more than its row states: at least a million then.
     */
    public long longestPrompt(String id) {
        long stated = Optional.ofNullable(others.get(id))
                .or(() -> ModelName.of(id).flatMap(this::find))
                .orElse(ModelCapabilities.NONE)
                .maxInputTokens();
        return SUFFIX.matcher(id).find() ? Math.max(ModelCapabilities.NONE.maxInputTokens(), stated) : stated;
    }

    private Optional<ModelCapabilities> find(ModelName name) {
        var newer = named.ceilingEntry(name);
        if (newer != null && newer.getKey().family().equals(name.family())) {
            return Optional.of(newer.getValue());
        }
        return Optional.ofNullable(named.floorEntry(name))
                .filter(older -> older.getKey().family().equals(name.family()))
                .map(Map.Entry::getValue);
    }

    private void put(String id, ModelCapabilities capabilities) {
        ModelName.of(id).ifPresentOrElse(name -> named.put(name, capabilities), () -> others.put(id, capabilities));
    }

    private static List<String> ids(JsonObject row) {
        var ids = new ArrayList<String>();
        JsonTree.findText(row, "id").ifPresent(ids::add);
        if (row.get("ids") instanceof JsonArray list) {
            list.getValuesAs(value -> value instanceof JsonString string ? string.getString() : "").stream()
                    .filter(id -> !id.isEmpty())
                    .forEach(ids::add);
        }
        return ids;
    }
}
