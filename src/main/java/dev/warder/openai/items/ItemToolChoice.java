package dev.warder.openai.items;

import dev.warder.openai.document.Members;
import dev.warder.openai.document.RefusedException;
import dev.warder.openai.messages.ToolChoice;
import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Reads {@code tool_choice} of the Responses API. A kind of tool that was left out may not be forced. Thread-safe. */
final class ItemToolChoice {
    private static final String MEMBER = "tool_choice";
    private static final String TOOLS = "tools";

    private ItemToolChoice() {}

    static ToolChoice read(Members top, OfferedTools tools) throws RefusedException {
        var value = top.value(MEMBER);
        if (value.isEmpty()) {
            return ToolChoice.DEFAULT;
        }
        var choice = value.get() instanceof JsonString word
                ? ToolChoice.word(top, MEMBER, word.getString())
                : object(top, top.needObject(MEMBER), tools);
        if (choice.isForced() && tools.list().isEmpty()) {
            throw top.refused(MEMBER, "must not force a call without tools.");
        }
        return choice;
    }

    private static ToolChoice object(Members top, Members choice, OfferedTools tools) throws RefusedException {
        String type = choice.needText("type");
        if (type.equals("allowed_tools")) {
            return allowed(top, choice, tools);
        }
        var names = names(choice, type, tools);
        choice.ignoreRest();
        if (names.isEmpty()) {
            throw top.refused(MEMBER, "must name one of the tools, of a kind that is supported.");
        }
        var from = Optional.of(MEMBER);
        return type.equals("namespace")
                ? new ToolChoice("any", Optional.empty(), Optional.of(names), from)
                : ToolChoice.named(names.iterator().next(), from);
    }

    private static ToolChoice allowed(Members top, Members choice, OfferedTools tools) throws RefusedException {
        var mode = ToolChoice.word(top, MEMBER, choice.text("mode").orElse("auto"));
        var items = choice.array(TOOLS).orElseThrow(() -> choice.refused(TOOLS, "is missing."));
        var names = allowed(top, choice, items, tools);
        choice.ignoreRest();
        if (!names.isEmpty()) {
            return new ToolChoice(mode.type(), Optional.empty(), Optional.of(names), mode.member());
        }
        if (mode.isForced() || items.isEmpty()) {
            throw top.refused(MEMBER, "must allow some of the tools, of a kind that is supported.");
        }
        return ToolChoice.plain("none", Optional.of(MEMBER));
    }

    private static Set<String> allowed(Members top, Members choice, JsonArray items, OfferedTools tools)
            throws RefusedException {
        var names = new LinkedHashSet<String>();
        for (int i = 0; i < items.size(); i++) {
            var item = choice.item(TOOLS, items.get(i), i);
            String type = item.needText("type");
            var found = names(item, type, tools);
            if (found.isEmpty() && isNamed(type)) {
                throw top.refused(MEMBER, "must allow some of the tools.");
            }
            if (found.isEmpty()) {
                item.listText("type", type);
            } else {
                item.ignoreRest();
            }
            names.addAll(found);
        }
        return names;
    }

    private static boolean isNamed(String type) {
        return type.equals("function") || type.equals("custom") || type.equals("namespace");
    }

    /** The names to send for the tools that a choice names; empty where none is offered. */
    private static Set<String> names(Members choice, String type, OfferedTools tools) throws RefusedException {
        return switch (type) {
            case "function", "custom" ->
                one(tools.find(ToolKey.named(choice.text("namespace"), choice.needText("name"))));
            case "namespace" -> tools.namespaces().getOrDefault(choice.needText("name"), Set.of());
            case "local_shell" -> builtIn(tools, ToolKind.LOCAL_SHELL, type);
            case "shell" -> builtIn(tools, ToolKind.SHELL, type);
            case "apply_patch" -> builtIn(tools, ToolKind.APPLY_PATCH, type);
            default -> WebSearch.isType(type) ? one(tools.webSearch()) : Set.of();
        };
    }

    private static Set<String> builtIn(OfferedTools tools, ToolKind kind, String name) {
        return one(tools.find(ToolKey.of(new CalledTool(kind, name, Optional.empty()))));
    }

    private static Set<String> one(Optional<String> name) {
        return name.map(Set::of).orElse(Set.of());
    }
}
