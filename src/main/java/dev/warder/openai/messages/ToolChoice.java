package dev.warder.openai.messages;

import dev.warder.openai.document.Members;
import dev.warder.openai.document.RefusedException;
import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which tools the model may call or must call. Immutable.
 *
 * @param type the Messages API's word: {@code auto}, {@code any}, {@code tool} or {@code none}
 * @param name the tool of {@code tool}
 * @param allowed the tools to offer, where not all
 * @param member the member that made the choice; empty when none was set
 */
public record ToolChoice(String type, Optional<String> name, Optional<Set<String>> allowed, Optional<String> member) {
    /** Where the client chose nothing: the model decides. */
    public static final ToolChoice DEFAULT = plain("auto", Optional.empty());

    /** Copies the names. */
    public ToolChoice {
        allowed = allowed.map(Set::copyOf);
    }

    /** The choice that a chat completion request has. */
    public static ToolChoice read(Members top, ToolList tools) throws RefusedException {
        String member = tools.legacy() || !top.has("tool_choice") ? "function_call" : "tool_choice";
        var value = top.value(member);
        if (value.isEmpty()) {
            return DEFAULT;
        }
        var choice = value.get() instanceof JsonString word
                ? word(top, member, word.getString())
                : object(top, member, top.needObject(member), tools);
        if (tools.isEmpty() && choice.isForced()) {
            throw top.refused(member, "must not force a call without tools.");
        }
        return choice;
    }

    /** A choice that names no tool. */
    public static ToolChoice plain(String type, Optional<String> member) {
        return new ToolChoice(type, Optional.empty(), Optional.empty(), member);
    }

    /** The model must call this tool. */
    public static ToolChoice named(String name, Optional<String> member) {
        return new ToolChoice("tool", Optional.of(name), Optional.empty(), member);
    }

    /** Whether the model must call a tool. */
    public boolean isForced() {
        return type.equals("any") || type.equals("tool");
    }

    /** Whether the model may call no tool. */
    public boolean isNone() {
        return type.equals("none");
    }

    /** The same tools, but the model decides. */
    public ToolChoice unforced() {
        return new ToolChoice("auto", Optional.empty(), allowed, member);
    }

    /** The choice that a word makes. */
    public static ToolChoice word(Members top, String member, String word) throws RefusedException {
        var from = Optional.of(member);
        return switch (word) {
            case "auto" -> plain("auto", from);
            case "none" -> plain("none", from);
            case "required", "any" -> plain("any", from);
            default -> throw top.refused(member, "must be auto, none, required or an object that names a function.");
        };
    }

    private static ToolChoice object(Members top, String member, Members choice, ToolList tools)
            throws RefusedException {
        String type = choice.text("type").orElse("function");
        if (type.equals("allowed_tools")) {
            var allowed = choice.object("allowed_tools").orElse(choice);
            var found = allowed(top, member, allowed, tools);
            allowed.ignoreRest();
            choice.ignoreRest();
            return found;
        }
        if (!type.equals("function")) {
            throw top.refused(member, "must be of type function or allowed_tools.");
        }
        var function = choice.object("function").orElse(choice);
        String name = function.needText("name");
        function.ignoreRest();
        choice.ignoreRest();
        if (!tools.byName().containsKey(name)) {
            throw top.refused(member, "must name one of the tools.");
        }
        return named(name, Optional.of(member));
    }

    private static ToolChoice allowed(Members top, String member, Members choice, ToolList tools)
            throws RefusedException {
        String mode = choice.text("mode").orElse("auto");
        var names = new LinkedHashSet<String>();
        var items = choice.array("tools").orElse(JsonArray.EMPTY_JSON_ARRAY);
        for (int i = 0; i < items.size(); i++) {
            var item = choice.item("tools", items.get(i), i);
            if (!item.text("type").orElse("function").equals("function")) {
                throw item.refused("type", "must be function.");
            }
            var function = item.object("function").orElse(item);
            names.add(function.needText("name"));
            function.ignoreRest();
            item.ignoreRest();
        }
        if (names.isEmpty() || !tools.byName().keySet().containsAll(names)) {
            throw top.refused(member, "must allow some of the tools.");
        }
        var plain = word(top, member, mode);
        return new ToolChoice(plain.type(), Optional.empty(), Optional.of(names), plain.member());
    }
}
