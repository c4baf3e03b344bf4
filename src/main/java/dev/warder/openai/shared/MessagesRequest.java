package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.Optional;

/**
 * A client's request to the model, regardless of its dialect, written for the Messages API (API version 2023-06-01). Immutable.
 *
 * @param model the model that is asked
 * @param reasoning how much the model thinks, and the limit of tokens
 * @param schema the schema of structured output
 * @param parameters the {@link Parameters}, as members of the request to send
 */
public record MessagesRequest(
        String model,
        boolean stream,
        Prompt prompt,
        Reasoning reasoning,
        Optional<JsonObject> schema,
        JsonObject parameters) {
    /**
     * The input of the model. Immutable.
     *
     * @param system the blocks of the system prompt
     * @param messages of the user and of the assistant in turns
     * @param tools the tools, and how the model may call them
     */
    public record Prompt(List<JsonObject> system, List<JsonObject> messages, ToolPlan tools) {
        public Prompt {
            system = List.copyOf(system);
            messages = List.copyOf(messages);
        }
    }

    public JsonObject write() {
        var message = JsonTree.newObject()
                .add("model", model)
                .add("max_tokens", reasoning.limit().tokens());
        if (stream) {
            message.add("stream", true);
        }
        addInput(message);
        parameters.forEach(message::add);
        return message.build();
    }

    /** The request that counts the tokens of the input. */
    public JsonObject writeCount() {
        var message = JsonTree.newObject().add("model", model);
        addInput(message);
        return message.build();
    }

    private void addInput(JsonObjectBuilder message) {
        if (!prompt.system().isEmpty()) {
            message.add("system", JsonTree.newArray(prompt.system()));
        }
        message.add("messages", JsonTree.newArray(prompt.messages()));
        prompt.tools().addTo(message);
        reasoning.thinking().ifPresent(thinking -> message.add("thinking", thinking));
        var config = JsonTree.newObject();
        reasoning.effort().ifPresent(effort -> config.add("effort", effort));
        schema.ifPresent(
                form -> config.add("format", JsonTree.typed("json_schema").add("schema", form)));
        var built = config.build();
        if (!built.isEmpty()) {
            message.add("output_config", built);
        }
    }
}
