package dev.warder.openai.items;

import java.util.Map;
import java.util.Optional;

/**
 * The client's tools by the names under which they are sent upstream. Immutable.
 *
 * @param byName the client's tool for each name sent upstream
 */
public record ToolNames(Map<String, CalledTool> byName) {
    /** Copies the map. */
    public ToolNames {
        byName = Map.copyOf(byName);
    }

    /** The tool that the model calls under this name; a function of that name where the client listed none. */
    public CalledTool called(String name) {
        var known = byName.get(name);
        return known == null ? new CalledTool(ToolKind.FUNCTION, name, Optional.empty()) : known;
    }
}
