package dev.warder.edit;

import dev.warder.config.TextFile;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The capabilities of each model, found by its id. The shipped rows are those of {@code models.json}; the upstream's {@code
 * GET /v1/models} overrides them, and the operator's rows override both. Immutable.
 */
public record ModelCatalog(NavigableMap<ModelName, ModelCapabilities> named, Map<String, ModelCapabilities> others) {
    /** The query of {@code GET /v1/models}: the most models that one page can have, more than the API has. */
    public static final String QUERY = "limit=1000";

    private static final Pattern SUFFIX = Pattern.compile("[\\[:]");

    private static final String NEWEST_OPUS = "claude-opus";

    public static ModelCatalog shipped() {
        String rows = TextFile.of(ModelCatalog.class, "models.json");
        return new ModelCatalog(new TreeMap<>(), Map.of())
                .withRows(JsonTree.parseDistinctObject(rows).orElseThrow());
    }

    /**
     * This catalog with the rows of {@code document} over its own: {@code {"data": [{"id": …, "max_tokens": …,
     * "capabilities": {…}}]}}, where {@code ids} may name several models. What a row does not state stays as
     * {@link #find} had it. Anything else is skipped.
     */
    public ModelCatalog withRows(JsonObject document) {
        var more = new ModelCatalog(new TreeMap<>(named), new HashMap<>(others));
        JsonTree.objects(document, "data").forEach(row -> ids(row).forEach(id -> more.put(id, find(id).with(row))));
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
     * The most tokens of a prompt that a model accepts; a million if neither it nor its family is known. With a suffix such
     * as {@code [1m]}, a model may accept more than its row states: at least a million then.
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

    private static Stream<String> ids(JsonObject row) {
        return Stream.concat(Stream.ofNullable(row.get("id")), JsonTree.array(row, "ids").stream())
                .flatMap(
                        id -> id instanceof JsonString name && !name.getString().isEmpty()
                                ? Stream.of(name.getString())
                                : Stream.empty());
    }

    /**
     * A Claude model's family and version, as its id gives them; dates and {@code -latest} are no part of it. An id without
     * a version means the newest.
     */
    record ModelName(String family, int major, int minor) implements Comparable<ModelName> {
        private static final int NEWEST = 1000;
        private static final Pattern ID = Pattern.compile(
                "claude-([a-z]{1,32})(?:-([0-9]{1,2})(?:[-.]([0-9]{1,2}))?)?(?![0-9a-z])(?:[-@:\\[].*)?");
        private static final Pattern OLD_ID =
                Pattern.compile("claude-([0-9]{1,2})(?:[-.]([0-9]{1,2}))?-([a-z]{1,32})(?:[-@:].*)?");
        private static final int LONGEST = 256;

        static Optional<ModelName> of(String id) {
            if (id.length() > LONGEST) {
                return Optional.empty();
            }
            Matcher matcher = ID.matcher(id);
            if (matcher.matches()) {
                int major = matcher.group(2) == null ? NEWEST : Integer.parseInt(matcher.group(2));
                return Optional.of(new ModelName(matcher.group(1), major, minor(matcher.group(3))));
            }
            Matcher old = OLD_ID.matcher(id);
            return old.matches()
                    ? Optional.of(new ModelName(old.group(3), Integer.parseInt(old.group(1)), minor(old.group(2))))
                    : Optional.empty();
        }

        @Override
        public int compareTo(ModelName other) {
            return Comparator.comparing(ModelName::family)
                    .thenComparingInt(ModelName::major)
                    .thenComparingInt(ModelName::minor)
                    .compare(this, other);
        }

        private static int minor(@Nullable String digits) {
            return digits == null ? 0 : Integer.parseInt(digits);
        }
    }
}
