package dev.warder.openai.responses;

import dev.warder.edit.ModelCapabilities;
import dev.warder.openai.chat.CustomTool;
import dev.warder.openai.chat.Tool;
import dev.warder.openai.chat.ToolList;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the tools of a request: the member {@code tools} and the items {@code additional_tools}. A kind of tool that the
 * Messages API does not have is left out and listed by its type. One thread at a time.
 */
final class ToolReader {
    private static final String TOOLS = "tools";
    private static final String NAME = "name";

    private final ModelCapabilities model;
    private final Optional<String> webSearch;
    private final ListedTools listed = new ListedTools();

    private ToolReader(ModelCapabilities model, boolean web) {
        this.model = model;
        this.webSearch = model.webSearch().filter(type -> web);
    }

    static OfferedTools read(Members top, ModelCapabilities model, boolean web) throws RefusedException {
        var reader = new ToolReader(model, web);
        reader.list(top);
        var input = top.value(InputItems.MEMBER);
        if (input.isPresent() && input.get() instanceof JsonArray items) {
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i) instanceof JsonObject item && InputItems.hasTools(item)) {
                    reader.item(top.item(InputItems.MEMBER, item, i));
                }
            }
        }
        return reader.listed.offered();
    }

    private void item(Members item) throws RefusedException {
        list(item);
        for (String known : new String[] {"type", "role", "id"}) {
            item.value(known);
        }
        item.ignoreRest();
    }

    private void list(Members owner) throws RefusedException {
        var tools = owner.array(TOOLS).orElse(JsonArray.EMPTY_JSON_ARRAY);
        Set<ToolKey> seen = new HashSet<>();
        for (int i = 0; i < tools.size(); i++) {
            read(owner.item(TOOLS, tools.get(i), i), seen);
        }
    }

    private void read(Members tool, Set<ToolKey> seen) throws RefusedException {
        String type = tool.needText("type");
        switch (type) {
            case "function", "custom" -> named(tool, type, Optional.empty(), "", seen);
            case "namespace" -> namespace(tool, seen);
            case "local_shell" -> builtIn(tool, ToolKind.LOCAL_SHELL, type);
            case "shell" -> shell(tool, type);
            case "apply_patch" -> builtIn(tool, ToolKind.APPLY_PATCH, type);
            default -> {
                if (WebSearch.isType(type) && webSearch.isPresent() && WebSearch.isLive(tool)) {
                    listed.addWebSearch(WebSearch.read(tool, webSearch.get()));
                    tool.ignoreRest();
                } else {
                    tool.listText("type", WebSearch.isType(type) ? "web_search" : type);
                }
            }
        }
    }

    /** The description of a namespace is part of its first tool's, so that it is sent once. */
    private void namespace(Members space, Set<ToolKey> seen) throws RefusedException {
        String name = ToolKey.needName(space, NAME);
        String about = space.text("description")
                .filter(text -> !text.isBlank())
                .map(text -> "\n\nAbout all tools of " + name + ": " + text)
                .orElse("");
        var tools = space.array(TOOLS).orElseThrow(() -> space.refused(TOOLS, "is missing."));
        for (int i = 0; i < tools.size(); i++) {
            var tool = space.item(TOOLS, tools.get(i), i);
            String type = tool.needText("type");
            if (type.equals("function") || type.equals("custom")) {
                named(tool, type, Optional.of(name), about, seen);
                about = "";
            } else {
                tool.listText("type", type);
            }
        }
        space.ignoreRest();
    }

    private void named(Members tool, String type, Optional<String> space, String about, Set<ToolKey> seen)
            throws RefusedException {
        String name = ToolKey.needName(tool, NAME);
        var kind = type.equals("custom") ? ToolKind.CUSTOM : ToolKind.FUNCTION;
        var definition = kind == ToolKind.CUSTOM
                ? CustomTool.read(tool, tool, name)
                : ToolList.function(tool, tool, name, model);
        var called = new CalledTool(kind, name, space);
        if (!seen.add(ToolKey.of(called))) {
            throw tool.refused(NAME, "must be unique.");
        }
        listed.add(called, about.isEmpty() ? definition : described(definition, about));
        tool.ignoreRest();
    }

    private static Tool described(Tool tool, String about) {
        var text = Optional.of((tool.description().orElse("") + about).strip());
        return new Tool(tool.name(), text, tool.schema(), tool.strict(), tool.cacheControl());
    }

    /** A shell of the client's own; one in a container would run on OpenAI's computers. */
    private void shell(Members tool, String type) throws RefusedException {
        var environment = tool.object("environment");
        if (environment.isPresent()) {
            if (!environment.get().needText("type").equals("local")) {
                tool.list(type);
                return;
            }
            environment.get().ignoreRest();
        }
        builtIn(tool, ToolKind.SHELL, type);
    }

    private void builtIn(Members tool, ToolKind kind, String name) throws RefusedException {
        listed.add(new CalledTool(kind, name, Optional.empty()), ShellTools.of(kind));
        tool.ignoreRest();
    }

    /** The tools of a request while its lists are read. A tool of a later list replaces the same one. One thread at a time. */
    private static final class ListedTools {
        private final Map<ToolKey, Listed> listed = new LinkedHashMap<>();
        private Optional<Tool> webSearch = Optional.empty();

        void add(CalledTool called, Tool definition) {
            listed.put(ToolKey.of(called), new Listed(called, definition));
        }

        void addWebSearch(Tool search) {
            webSearch = Optional.of(search);
        }

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
}
