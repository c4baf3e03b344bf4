package dev.warder.openai.responses;

import dev.warder.config.TextFile;
import dev.warder.edit.ModelCapabilities;
import dev.warder.json.JsonTree;
import dev.warder.openai.responses.CalledTool.ToolKind;
import dev.warder.openai.responses.CalledTool.ToolNames;
import dev.warder.openai.shared.CustomTool;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import dev.warder.openai.shared.Tool;
import dev.warder.openai.shared.ToolList;
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
    private static final String MOST_CALLS = "max_tool_calls";

    /** The tools that OpenAI's models know without a definition, by their types. */
    private static final JsonObject KNOWN_TOOLS = JsonTree.parseObject(
                    TextFile.of(ToolReader.class, "shell-tools.json"))
            .orElseThrow();

    private final ModelCapabilities model;
    private final Optional<String> webSearch;
    /** By their keys: a tool of a later list replaces the same one. */
    private final Map<CalledTool, Listed> listed = new LinkedHashMap<>();

    private Optional<JsonObject> search = Optional.empty();

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
        reader.limitSearches(top);
        return reader.offered();
    }

    /** Of the tools that run upstream, whose calls the member limits, the API has the search only. */
    private void limitSearches(Members top) throws RefusedException {
        var most = top.whole(MOST_CALLS, 0);
        if (search.isEmpty()) {
            top.ignore(MOST_CALLS);
        } else if (most.filter(number -> number == 0).isPresent()) {
            // The API does not accept such a limit.
            search = Optional.empty();
            top.list(WebSearch.NAME);
        } else if (most.isPresent()) {
            search = search.map(JsonTree::newObject)
                    .map(tool -> tool.add("max_uses", most.get()).build());
        }
    }

    private void item(Members item) throws RefusedException {
        list(item);
        for (String known : new String[] {"type", "role", "id"}) {
            item.value(known);
        }
        item.ignoreRest();
    }

    private void list(Members owner) throws RefusedException {
        Set<CalledTool> seen = new HashSet<>();
        owner.each(TOOLS, tool -> read(tool, seen));
    }

    private void read(Members tool, Set<CalledTool> seen) throws RefusedException {
        String type = tool.needText("type");
        var kind = ToolKind.of(type);
        if (kind.isPresent()) {
            read(tool, kind.get(), seen);
        } else if (type.equals("namespace")) {
            namespace(tool, seen);
        } else if (WebSearch.isType(type) && webSearch.isPresent() && WebSearch.isLive(tool)) {
            search = Optional.of(WebSearch.read(tool, webSearch.get()));
            tool.ignoreRest();
        } else {
            tool.listText("type", WebSearch.isType(type) ? WebSearch.NAME : type);
        }
    }

    private void read(Members tool, ToolKind kind, Set<CalledTool> seen) throws RefusedException {
        if (kind.isNamed()) {
            named(tool, kind, Optional.empty(), "", seen);
        } else if (kind == ToolKind.SHELL && !isLocal(tool)) {
            tool.list(kind.type);
        } else {
            add(CalledTool.builtIn(kind), KNOWN_TOOLS.getJsonObject(kind.type));
            tool.ignoreRest();
        }
    }

    /** Whether a shell is the client's own; one in a container would run on OpenAI's computers. */
    private static boolean isLocal(Members shell) throws RefusedException {
        var environment = shell.object("environment");
        if (environment.isEmpty()) {
            return true;
        }
        boolean local = environment.get().needText("type").equals("local");
        if (local) {
            environment.get().ignoreRest();
        }
        return local;
    }

    /** The description of a namespace is part of its first tool's, so that it is sent once. */
    private void namespace(Members space, Set<CalledTool> seen) throws RefusedException {
        String name = CalledTool.needName(space, NAME);
        String about = space.text("description")
                .filter(text -> !text.isBlank())
                .map(text -> "\n\nAbout all tools of " + name + ": " + text)
                .orElse("");
        var tools = space.needArray(TOOLS);
        for (int i = 0; i < tools.size(); i++) {
            var tool = space.item(TOOLS, tools.get(i), i);
            String type = tool.needText("type");
            var kind = ToolKind.of(type).filter(ToolKind::isNamed);
            if (kind.isPresent()) {
                named(tool, kind.get(), Optional.of(name), about, seen);
                about = "";
            } else {
                tool.listText("type", type);
            }
        }
        space.ignoreRest();
    }

    private void named(Members tool, ToolKind kind, Optional<String> space, String about, Set<CalledTool> seen)
            throws RefusedException {
        String name = CalledTool.needName(tool, NAME);
        var definition = kind == ToolKind.CUSTOM
                ? CustomTool.read(tool, tool, name, about)
                : ToolList.function(tool, tool, name, about, model);
        var called = new CalledTool(kind, name, space);
        tool.refuseIf(!seen.add(called.key()), NAME, "must be unique.");
        add(called, definition);
        tool.ignoreRest();
    }

    private void add(CalledTool called, JsonObject definition) {
        listed.put(called.key(), new Listed(called, definition));
    }

    private OfferedTools offered() {
        Map<String, JsonObject> tools = new LinkedHashMap<>();
        Map<String, CalledTool> called = new HashMap<>();
        Map<CalledTool, String> sent = new HashMap<>();
        Map<String, Set<String>> namespaces = new HashMap<>();
        String reserved = search.map(Tool::name).orElse("");
        listed.forEach((key, each) -> {
            String name = key.sent(free -> !tools.containsKey(free) && !free.equals(reserved));
            tools.put(name, Tool.named(each.definition(), name));
            called.put(name, each.called());
            sent.put(key, name);
            key.namespace().ifPresent(space -> namespaces
                    .computeIfAbsent(space, unseen -> new LinkedHashSet<>())
                    .add(name));
        });
        search.ifPresent(tool -> tools.put(Tool.name(tool), tool));
        return new OfferedTools(
                new ToolList(tools, false), new ToolNames(called), sent, namespaces, search.map(Tool::name));
    }

    private record Listed(CalledTool called, JsonObject definition) {}

    /**
     * The tools of a request under the names to send. Not modified after it is made.
     *
     * @param names the client's tools by these names
     * @param sent the names by the {@link CalledTool#key} of the client's tools
     * @param namespaces the names of the tools of each namespace
     * @param webSearch the name of the API's tool that searches the web, if it is offered
     */
    record OfferedTools(
            ToolList list,
            ToolNames names,
            Map<CalledTool, String> sent,
            Map<String, Set<String>> namespaces,
            Optional<String> webSearch) {
        Optional<String> find(CalledTool tool) {
            return Optional.ofNullable(sent.get(tool.key()));
        }

        String nameOf(CalledTool tool) {
            return find(tool).orElseGet(() -> tool.sent(any -> true));
        }
    }
}
