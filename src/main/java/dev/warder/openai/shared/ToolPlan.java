package dev.warder.openai.shared;

import dev.warder.edit.ModelCapabilities;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tools to send and how they may be called, with the tool that stands in for a schema that structured outputs cannot
 * express. Immutable.
 *
 * @param choice empty where the API's default applies
 * @param single whether the model may call one tool at most; it has a choice then
 * @param forced whether the model must call a tool
 * @param unwrappedTool the tool whose input is the content of the response
 * @param names the names of properties that differ from the client's
 */
public record ToolPlan(
        List<JsonObject> tools,
        Optional<ToolChoice> choice,
        boolean single,
        boolean forced,
        Optional<String> unwrappedTool,
        PropertyNames names) {
    private static final String PARALLEL = "parallel_tool_calls";
    private static final String RESPOND = "respond";
    private static final String RESPOND_TEXT = "Gives the answer in the form that was asked for.";

    public ToolPlan {
        tools = List.copyOf(tools);
    }

    /**
     * Plans by what the client chose and the model can be held to. The API requires tools where the conversation has calls,
     * but a client may list none when it asks for a title or a summary: then the called tools are sent, and none may be called.
     *
     * @param called the names of the tools that the conversation has calls of
     */
    public static ToolPlan of(
            Members top,
            ModelCapabilities model,
            ToolList listed,
            ToolChoice chosen,
            Set<String> called,
            ResponseFormat format,
            boolean thinks)
            throws RefusedException {
        boolean calledOnly = listed.isEmpty() && !called.isEmpty();
        var tools = calledOnly ? ToolList.called(called) : listed;
        var choice = calledOnly ? ToolChoice.plain("none", Optional.of("tool_choice")) : chosen;
        boolean single = !top.flag(PARALLEL).orElse(true) || tools.legacy();
        boolean mayForce = model.forcedTool() && (!thinks || model.forcedToolWithThinking());
        if (format.byTool()) {
            if (!choice.isForced()) {
                return withRespond(top, tools, choice, format, mayForce);
            }
            // The client requires a call, and a call has a form of its own.
            format.ignore();
        }
        if (choice.isForced() && !mayForce) {
            choice = choice.unforced();
            top.ignore(choice.member().orElse("tool_choice"));
        }
        return plain(top, tools, choice, single);
    }

    private static ToolPlan plain(Members top, ToolList tools, ToolChoice choice, boolean single)
            throws RefusedException {
        if (tools.isEmpty()) {
            top.ignore("tool_choice");
            top.ignore("function_call");
            top.ignore(PARALLEL);
            return new ToolPlan(List.of(), Optional.empty(), false, false, Optional.empty(), PropertyNames.NONE);
        }
        var offered = choice.allowed().map(tools::only).orElse(tools.all());
        // The client's own setting has no effect with functions, which are called one at a time, and where nothing is
        // called.
        if (single && choice.isNone() || tools.legacy() && top.flag(PARALLEL).orElse(false)) {
            top.ignore(PARALLEL);
        }
        boolean atMostOne = single && !choice.isNone();
        boolean isDefault = choice.member().isEmpty() && !atMostOne;
        return new ToolPlan(
                offered,
                isDefault ? Optional.empty() : Optional.of(choice),
                atMostOne,
                choice.isForced(),
                Optional.empty(),
                PropertyNames.NONE);
    }

    private static ToolPlan withRespond(
            Members top, ToolList tools, ToolChoice choice, ResponseFormat format, boolean mayForce)
            throws RefusedException {
        if (!mayForce) {
            throw RefusedException.invalid(
                    format.path(),
                    "This model cannot follow this schema, or not together with these members: with structured output, "
                            + format.path() + " " + StructuredSchema.REQUIREMENT);
        }
        if (top.flag(PARALLEL).orElse(false)) {
            top.ignore(PARALLEL);
        }
        String name = respondName(tools, format);
        var offered = new ArrayList<>(choice.allowed().map(tools::only).orElse(tools.all()));
        boolean alone = choice.isNone() || offered.isEmpty();
        offered.add(Tool.of(name, Optional.of(RESPOND_TEXT), format.schema().orElseThrow(), false));
        var forced = alone ? ToolChoice.named(name, Optional.empty()) : ToolChoice.plain("any", Optional.empty());
        return new ToolPlan(offered, Optional.of(forced), true, true, Optional.of(name), PropertyNames.NONE);
    }

    ToolPlan with(List<JsonObject> other, PropertyNames otherNames) {
        return new ToolPlan(other, choice, single, forced, unwrappedTool, otherNames);
    }

    void addTo(JsonObjectBuilder message) {
        if (!tools.isEmpty()) {
            message.add("tools", JsonTree.newArray(tools));
        }
        choice.ifPresent(chosen -> message.add("tool_choice", chosen.json(single)));
    }

    private static String respondName(ToolList tools, ResponseFormat format) {
        String name = Tool.isName(format.name()) ? format.name() : RESPOND;
        for (int i = 0; tools.byName().containsKey(name); i++) {
            name = i == 0 && Tool.isName(name + "_") ? name + "_" : RESPOND + i;
        }
        return name;
    }
}
