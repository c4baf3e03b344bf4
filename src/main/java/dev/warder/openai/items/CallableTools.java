package dev.warder.openai.items;

import dev.warder.json.JsonTree;
import dev.warder.models.ModelCapabilities;
import dev.warder.openai.document.Members;
import dev.warder.openai.document.RefusedException;
import dev.warder.openai.messages.ResponseFormat;
import dev.warder.openai.messages.Tool;
import dev.warder.openai.messages.ToolChoice;
import dev.warder.openai.messages.ToolList;
import dev.warder.openai.messages.ToolPlan;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tools to send. The API requires tools where the conversation has calls, but a client may list none, as Codex does when it
 * asks for a summary: then the called tools are sent, and none may be called.
 *
 * @param offered what the client offers
 * @param called the tools that the conversation names, if the client offers none
 */
record CallableTools(OfferedTools offered, Map<String, Tool> called) {
    private static final JsonObject ANY = JsonTree.typed("object")
            .add("properties", JsonValue.EMPTY_JSON_OBJECT)
            .build();

    static CallableTools of(OfferedTools offered, InputItems input) {
        Map<String, Tool> called = new LinkedHashMap<>();
        if (offered.list().isEmpty()) {
            for (String name : input.calls().names()) {
                called.put(name, new Tool(name, Optional.empty(), ANY, false, Optional.empty()));
            }
        }
        return new CallableTools(offered, called);
    }

    /** @param summary whether thinking is shown, which turns it on where the model decides how much it thinks */
    ToolPlan plan(Members top, ModelCapabilities model, ResponseFormat format, boolean summary)
            throws RefusedException {
        boolean thinks = summary && model.thinking().contains("adaptive");
        var choice = ItemToolChoice.read(top, offered);
        if (called.isEmpty()) {
            return ToolPlan.of(top, model, offered.list(), choice, format, thinks);
        }
        var none = ToolChoice.plain("none", Optional.of("tool_choice"));
        return ToolPlan.of(top, model, new ToolList(called, false), none, format, thinks);
    }
}
