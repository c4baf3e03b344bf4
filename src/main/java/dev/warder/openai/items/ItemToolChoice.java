package dev.warder.openai.items;

import dev.warder.openai.document.Members;
import dev.warder.openai.document.RefusedException;
import dev.warder.openai.messages.ToolChoice;
import java.util.Optional;
import java.util.Set;

/** Reads {@code tool_choice} of the Responses API. A kind of tool that was left out may not be forced. Thread-safe. */
final class ItemToolChoice {
    private ItemToolChoice() {}

    static ToolChoice read(Members top, OfferedTools tools) throws RefusedException {
        return ToolChoice.read(top, "tool_choice", tools.list().isEmpty(), choice -> names(choice, tools));
    }

    /** The names to send for the tools that a choice names; empty where none is offered. */
    private static Set<String> names(Members choice, OfferedTools tools) throws RefusedException {
        String type = choice.needText("type");
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
