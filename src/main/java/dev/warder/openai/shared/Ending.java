package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * Why a message ended. Immutable.
 *
 * @param stopReason the API's word; empty when it sent none
 * @param explanation why it was refused; empty when it was not, or the API sends no explanation
 * @param waiting how many uses of the API's own tools have no result
 */
public record Ending(String stopReason, String explanation, int waiting) {
    public static final Ending UNKNOWN = new Ending("", "", 0);

    private static final String CALLS = "tool_use";

    private static final String PAUSED = "pause_turn";

    /** Updated from a message, or from the delta of a {@code message_delta}; what is missing or null keeps its value. */
    public Ending with(JsonObject update) {
        String reason = JsonTree.text(update, "stop_reason");
        String why = JsonTree.text(JsonTree.object(update, "stop_details"), "explanation");
        return new Ending(reason.isEmpty() ? stopReason : reason, why.isEmpty() ? explanation : why, waiting);
    }

    /** Updated from a block of the message. */
    public Ending withBlock(JsonObject block) {
        return switch (JsonTree.text(block, "type")) {
            case "server_tool_use" -> new Ending(stopReason, explanation, waiting + 1);
            case CALLS, "text", "thinking" -> this;
            default ->
                waiting > 0 && block.containsKey("tool_use_id")
                        ? new Ending(stopReason, explanation, waiting - 1)
                        : this;
        };
    }

    /** The same where the client goes on with the turn: it has calls to run, and sends the API's tools back with their outputs. */
    public Ending handedOver() {
        return calls() ? new Ending(stopReason, explanation, 0) : this;
    }

    public boolean refused() {
        return stopReason.equals("refusal");
    }

    public boolean calls() {
        return stopReason.equals(CALLS);
    }

    /**
     * Why the message is incomplete: {@code max_output_tokens} or the API's word, which is blank where it sent none. Empty for a
     * message that is complete. The API's words are an open set: one that is not known is no proper end. Nor is {@code
     * tool_use} while a tool of the API has no result.
     */
    public Optional<String> incomplete() {
        return switch (stopReason) {
            case "end_turn", "stop_sequence", "refusal" -> Optional.empty();
            case CALLS -> waiting > 0 ? Optional.of(PAUSED) : Optional.empty();
            case "max_tokens", "model_context_window_exceeded" -> Optional.of("max_output_tokens");
            default -> Optional.of(stopReason);
        };
    }

    /** The value of {@code refusal}, which SDKs treat as a separate kind of response. */
    public String refusal() {
        return explanation.isEmpty() ? "The model refused to answer." : explanation;
    }
}
