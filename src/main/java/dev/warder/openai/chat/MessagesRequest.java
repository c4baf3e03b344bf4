package dev.warder.openai.chat;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * A client's request to the model, regardless of its dialect: {@link MessagesRequestWriter} writes it
 * for the Messages API. Immutable.
 *
 * @param model the model that is asked
 * @param system the blocks of the system prompt
 * @param messages of the user and of the assistant in turns
 * @param tools the tools, and how the model may call them
 * @param reasoning how much the model thinks, and the limit of tokens
 * @param schema the schema of structured output
 * @param userId a hash of what the client calls its user
 * @param serviceTier the API's word for it
 */
public record MessagesRequest(
        String model,
        boolean stream,
        List<Block> system,
        List<Message> messages,
        ToolPlan tools,
        Reasoning reasoning,
        Optional<JsonObject> schema,
        Sampling sampling,
        Optional<String> userId,
        Optional<String> serviceTier) {
    public MessagesRequest {
        system = List.copyOf(system);
        messages = List.copyOf(messages);
    }

    /** One turn of the conversation. */
    public record Message(String role, List<Block> blocks) {
        /** Copies the blocks. */
        public Message {
            blocks = List.copyOf(blocks);
        }
    }
}
