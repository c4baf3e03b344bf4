package dev.warder.openai;

import dev.warder.json.JsonTree;
import dev.warder.models.ModelCapabilities;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tools to send and how they may be called, with the tool that stands in for a schema where the model has no
 * structured outputs.
 *
 * @param choice {@code tool_choice}, if it is set
 * @param forced whether the model must call a tool
 * @param answerTool the tool whose input is the content of the response
 */
record ToolPlan(List<JsonObject> tools, Optional<JsonObject> choice, boolean forced, Optional<String> answerTool) {
    private static final String PARALLEL = "parallel_tool_calls";
    private static final String ANSWER = "respond";
    private static final String ANSWER_TEXT = "Gives the answer in the form that was asked for.";

    static ToolPlan read(Members top, ModelCapabilities model, ToolList tools, ResponseFormat format, boolean thinks)
            throws RefusedException {
        var choice = ToolChoice.read(top, tools);
        boolean single = !top.flag(PARALLEL).orElse(true) || tools.legacy();
        boolean mayForce = model.forcedTool() && (!thinks || model.forcedToolWithThinking());
        if (format.schema().isPresent() && !model.structuredOutputs()) {
            if (!choice.isForced()) {
                return withAnswer(top, tools, choice, format, mayForce);
            }
            // The client wants a call this time, and a call has a form of its own.
            top.ignore(ResponseFormat.MEMBER);
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
            return new ToolPlan(List.of(), Optional.empty(), false, Optional.empty());
        }
        var offered = choice.allowed().map(tools::only).orElse(tools.all());
        // The client's own setting has no effect with functions, which are called one at a time, and where nothing is
        // called.
        if (single && choice.isNone() || tools.legacy() && top.flag(PARALLEL).orElse(false)) {
            top.ignore(PARALLEL);
        }
        return new ToolPlan(offered, json(choice, single && !choice.isNone()), choice.isForced(), Optional.empty());
    }

    private static Optional<JsonObject> json(ToolChoice choice, boolean single) {
        if (choice.member().isEmpty() && !single) {
            return Optional.empty();
        }
        var json = choice.json();
        return Optional.of((single ? json.add("disable_parallel_tool_use", true) : json).build());
    }

    /** The model responds with a call: of the response tool or, where it may, of one of the client's. */
    private static ToolPlan withAnswer(
            Members top, ToolList tools, ToolChoice choice, ResponseFormat format, boolean mayForce)
            throws RefusedException {
        if (!mayForce) {
            throw RefusedException.invalid(
                    ResponseFormat.MEMBER, "The model can be held to no schema with these members.");
        }
        if (top.flag(PARALLEL).orElse(false)) {
            top.ignore(PARALLEL);
        }
        String name = answerName(tools, format);
        var offered = new ArrayList<>(choice.allowed().map(tools::only).orElse(tools.all()));
        boolean alone = choice.isNone() || offered.isEmpty();
        offered.add(JsonTree.newObject()
                .add("name", name)
                .add("description", ANSWER_TEXT)
                .add("input_schema", objectSchema(format))
                .build());
        var forced = alone ? ToolChoice.named(name, Optional.empty()) : ToolChoice.plain("any", Optional.empty());
        return new ToolPlan(offered, json(forced, true), true, Optional.of(name));
    }

    private static String answerName(ToolList tools, ResponseFormat format) {
        String name = ToolName.isName(format.name()) ? format.name() : ANSWER;
        for (int i = 0; tools.byName().containsKey(name); i++) {
            name = i == 0 && ToolName.isName(name + "_") ? name + "_" : ANSWER + i;
        }
        return name;
    }

    private static JsonObject objectSchema(ResponseFormat format) throws RefusedException {
        JsonObject schema = format.schema().orElseThrow();
        if (!JsonTree.findText(schema, "type").orElse("object").equals("object")) {
            throw RefusedException.invalid(format.path(), format.path() + " must be an object's for this model.");
        }
        return JsonTree.newObject(schema).add("type", "object").build();
    }
}
