package dev.warder.openai;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;

/**
 * Why a message ended. Immutable.
 *
 * @param stopReason the API's word; empty when it sent none
 * @param explanation why it was refused; empty when it was not, or the API sends no explanation
 */
record ChatEnding(String stopReason, String explanation) {
    static final ChatEnding UNKNOWN = new ChatEnding("", "");

    /** Updated from a message, or from the delta of a {@code message_delta}; what is missing or null stays as it was. */
    ChatEnding with(JsonObject told) {
        String reason = JsonTree.text(told, "stop_reason");
        String why = JsonTree.text(JsonTree.object(told, "stop_details"), "explanation");
        return new ChatEnding(reason.isEmpty() ? stopReason : reason, why.isEmpty() ? explanation : why);
    }

    /** Whether the model refused. */
    boolean refused() {
        return stopReason.equals("refusal");
    }

    /** The value of {@code refusal}, which SDKs treat as a separate kind of response. */
    String refusal() {
        return explanation.isEmpty() ? "The model refused to answer." : explanation;
    }

    /**
     * OpenAI's word. The API's words are an open set: one that is not known is a stop.
     *
     * @param calls how many calls the response has
     */
    String finishReason(ChatContext context, int calls) {
        return switch (stopReason) {
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "refusal" -> "content_filter";
            case "tool_use" -> calls == 0 ? "stop" : context.legacyFunctions() ? "function_call" : "tool_calls";
            default -> "stop";
        };
    }
}
