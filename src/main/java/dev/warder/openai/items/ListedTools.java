package dev.warder.openai.items;

import dev.warder.openai.messages.Tool;
import dev.warder.openai.messages.ToolList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tools of a request while its lists are read. A tool of a later list replaces the same one. One thread at a time. */
final class ListedTools {
    private final Map<ToolKey, Listed> listed = new LinkedHashMap<>();
    private Optional<Tool> webSearch = Optional.empty();

    /** Adds a tool; the name of {@code definition} has no effect. */
    void add(CalledTool called, Tool definition) {
        listed.put(ToolKey.of(called), new Listed(called, definition));
    }

    /** Adds the tool of the API that searches the web. */
    void addWebSearch(Tool search) {
        webSearch = Optional.of(search);
    }

    /** All of them with the names to send. */
    OfferedTools offered() {
        Map<String, Tool> tools = new LinkedHashMap<>();
        Map<String, CalledTool> called = new HashMap<>();
        Map<ToolKey, String> sent = new HashMap<>();
        Map<String, Set<String>> namespaces = new HashMap<>();
        String reserved = webSearch.map(Tool::name).orElse("");
        listed.forEach((key, each) -> {
            String name = key.sent(free -> !tools.containsKey(free) && !free.equals(reserved));
            tools.put(name, each.definition().named(name));
            called.put(name, each.called());
            sent.put(key, name);
            key.namespace().ifPresent(space -> namespaces
                    .computeIfAbsent(space, unseen -> new LinkedHashSet<>())
                    .add(name));
        });
        webSearch.ifPresent(search -> tools.put(search.name(), search));
        return new OfferedTools(
                new ToolList(tools, false), new ToolNames(called), sent, namespaces, webSearch.map(Tool::name));
    }

    private record Listed(CalledTool called, Tool definition) {}
}
