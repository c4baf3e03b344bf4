package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The tools that the model may call or must call. Immutable.
 *
 * @param type the Messages API's word: {@code auto}, {@code any}, {@code tool} or {@code none}
 * @param name the tool of {@code tool}
 * @param allowed the tools to offer, where not all
 * @param member the member that made the choice; empty when none was set
 */
public record ToolChoice(String type, Optional<String> name, Optional<Set<String>> allowed, Optional<String> member) {
    private static final String TOOLS = "tools";
    private static final String NAMESPACE = "namespace";

    /** The types of the Messages API that name no tool. */
    private static final Set<String> PLAIN = Set.of("auto", "any", "none");

    public static final ToolChoice DEFAULT = plain("auto", Optional.empty());

    public ToolChoice {
        // Set.copyOf takes the square of the names that have the same hash.
        allowed = allowed.map(Collections::unmodifiableSet);
    }

    public static ToolChoice read(Members top, ToolList tools) throws RefusedException {
        String member = tools.legacy() || !top.has("tool_choice") ? "function_call" : "tool_choice";
        return read(top, member, tools.isEmpty(), choice -> named(choice, tools));
    }

    /**
     * Reads a choice.
     *
     * @param named finds the names to send for the tools that an object of a choice names; none where it names no tool that is
     *     offered
     */
    public static ToolChoice read(Members top, String member, boolean noTools, Members.Reader<Set<String>> named)
            throws RefusedException {
        var value = top.value(member);
        if (value.isEmpty()) {
            return DEFAULT;
        }
        var choice = value.get() instanceof JsonString word
                ? word(top, member, word.getString())
                : object(top, member, top.needObject(member), named);
        top.refuseIf(noTools && choice.isForced(), member, "must not force a call without tools.");
        return choice;
    }

    public static ToolChoice plain(String type, Optional<String> member) {
        return new ToolChoice(type, Optional.empty(), Optional.empty(), member);
    }

    public static ToolChoice named(String name, Optional<String> member) {
        return new ToolChoice("tool", Optional.of(name), Optional.empty(), member);
    }

    JsonObjectBuilder json(boolean single) {
        var json = JsonTree.typed(type);
        name.ifPresent(tool -> json.add("name", tool));
        return single ? json.add("disable_parallel_tool_use", true) : json;
    }

    public boolean isForced() {
        return type.equals("any") || type.equals("tool");
    }

    public boolean isNone() {
        return type.equals("none");
    }

    public ToolChoice unforced() {
        return new ToolChoice("auto", Optional.empty(), allowed, member);
    }

    public static ToolChoice word(Members top, String member, String word) throws RefusedException {
        var from = Optional.of(member);
        return switch (word) {
            case "auto" -> plain("auto", from);
            case "none" -> plain("none", from);
            case "required", "any" -> plain("any", from);
            default -> throw top.refused(member, "must be auto, none, required or an object that names a function.");
        };
    }

    private static ToolChoice object(Members top, String member, Members choice, Members.Reader<Set<String>> named)
            throws RefusedException {
        String type = choice.text("type").orElse("");
        if (type.equals("allowed_tools")) {
            return allowed(top, member, choice, named);
        }
        if (PLAIN.contains(type)) {
            choice.ignoreRest();
            return word(top, member, type);
        }
        var names = named.read(choice);
        choice.ignoreRest();
        top.refuseIf(names.isEmpty(), member, "must name one of the tools, of a kind that is supported.");
        var from = Optional.of(member);
        return type.equals(NAMESPACE)
                ? new ToolChoice("any", Optional.empty(), Optional.of(names), from)
                : named(names.iterator().next(), from);
    }

    private static ToolChoice allowed(Members top, String member, Members choice, Members.Reader<Set<String>> named)
            throws RefusedException {
        var allowed = choice.object("allowed_tools").orElse(choice);
        var mode = word(top, member, allowed.text("mode").orElse("auto"));
        var items = allowed.needArray(TOOLS);
        var names = new LinkedHashSet<String>();
        // Else a large namespace that is allowed many times would take the product of both.
        Set<Set<String>> added = Collections.newSetFromMap(new IdentityHashMap<>());
        allowed.each(TOOLS, item -> {
            var found = names(top, member, item, named);
            if (added.add(found)) {
                names.addAll(found);
            }
        });
        allowed.ignoreRest();
        choice.ignoreRest();
        if (!names.isEmpty()) {
            return new ToolChoice(mode.type(), Optional.empty(), Optional.of(names), mode.member());
        }
        top.refuseIf(
                mode.isForced() || items.isEmpty(),
                member,
                "must allow some of the tools, of a kind that is supported.");
        return plain("none", Optional.of(member));
    }

    private static Set<String> names(Members top, String member, Members item, Members.Reader<Set<String>> named)
            throws RefusedException {
        var names = named.read(item);
        String type = item.text("type").orElse(ToolList.FUNCTION);
        top.refuseIf(
                names.isEmpty() && (ToolList.isType(type) || type.equals(NAMESPACE)),
                member,
                "must allow some of the tools.");
        if (names.isEmpty()) {
            item.listText("type", type);
        } else {
            item.ignoreRest();
        }
        return names;
    }

    private static Set<String> named(Members choice, ToolList tools) throws RefusedException {
        String type = choice.text("type").filter("tool"::equals).isPresent() ? "tool" : ToolList.needType(choice);
        var tool = choice.object(type).orElse(choice);
        String name = tool.text("name").orElse("");
        tool.ignoreRest();
        return tools.byName().containsKey(name) ? Set.of(name) : Set.of();
    }
}
