package dev.warder.openai.response;

/** The {@code finish_reason} of a chat completion. */
final class ChatFinishReason {
    private ChatFinishReason() {}

    /**
     * OpenAI's word. The API's words are an open set: one that is not known is a stop.
     *
     * @param calls how many calls the response has
     * @param legacyFunctions whether a call is written as {@code function_call}
     */
    static String of(Ending ending, int calls, boolean legacyFunctions) {
        return switch (ending.stopReason()) {
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "refusal" -> "content_filter";
            case "tool_use" -> calls == 0 ? "stop" : legacyFunctions ? "function_call" : "tool_calls";
            default -> "stop";
        };
    }
}
