package dev.warder.openai.chat;

/** The {@code finish_reason} of a chat completion. */
final class ChatFinishReason {
    private ChatFinishReason() {}

    /**
     * OpenAI's word. It has none for a message that the API would go on with, or that ended for a reason that is not known:
     * {@code length} is the only one by which clients see that the message is incomplete.
     *
     * @param calls how many calls the response has
     * @param legacyFunctions whether a call is written as {@code function_call}
     */
    static String of(Ending ending, int calls, boolean legacyFunctions) {
        if (ending.calls() && calls > 0) {
            return legacyFunctions ? "function_call" : "tool_calls";
        }
        if (ending.refused()) {
            return "content_filter";
        }
        return ending.incomplete().isPresent() ? "length" : "stop";
    }
}
