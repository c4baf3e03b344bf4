package dev.warder.openai.response;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;

/**
 * Why a message ended. Immutable.
 *
 * @param stopReason the API's word; empty when it sent none
 * @param explanation why it was refused; empty when it was not, or the API sends no explanation
 */
public record Ending(String stopReason, String explanation) {
    /** No reason yet. */
    public static final Ending UNKNOWN = new Ending("", "");

    /** Updated from a message, or from the delta of a {@code message_delta}; what is missing or null keeps its value. */
    public Ending with(JsonObject update) {
        String reason = JsonTree.text(update, "stop_reason");
        String why = JsonTree.text(JsonTree.object(update, "stop_details"), "explanation");
        return new Ending(reason.isEmpty() ? stopReason : reason, why.isEmpty() ? explanation : why);
    }

    /** Whether the model refused. */
    public boolean refused() {
        return stopReason.equals("refusal");
    }

    /** The value of {@code refusal}, which SDKs treat as a separate kind of response. */
    public String refusal() {
        return explanation.isEmpty() ? "The model refused to answer." : explanation;
    }
}
