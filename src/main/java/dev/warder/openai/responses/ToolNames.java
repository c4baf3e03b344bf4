package dev.warder.openai.responses;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The client's tools by the names under which they are sent upstream. Immutable.
 *
 * @param byName the client's tool for each name sent upstream; functions that are sent under their own name are left out
 */
public record ToolNames(Map<String, CalledTool> byName) {
    /** Bytes that a tool takes in the map besides the characters of its names, at most; a stream keeps it. */
    private static final int ENTRY = 200;

    public ToolNames {
        byName = byName.entrySet().stream()
                .filter(tool -> !tool.getValue().equals(CalledTool.function(Optional.empty(), tool.getKey())))
                // An unmodifiable map takes the square of the names that have the same hash.
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** About how many bytes of memory it takes. */
    public long memory() {
        return byName.entrySet().stream()
                .mapToLong(tool -> ENTRY
                        + 2L * (tool.getKey().length() + tool.getValue().name().length()))
                .sum();
    }

    public CalledTool called(String name) {
        var known = byName.get(name);
        return known == null ? CalledTool.function(Optional.empty(), name) : known;
    }
}
