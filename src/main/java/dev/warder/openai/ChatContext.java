package dev.warder.openai;

import dev.warder.json.JsonTree;
import dev.warder.openai.shared.Ending;
import jakarta.json.JsonObject;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of a chat request that decide the shape of its response. Thread-safe.
 *
 * @param requestedModel the model as the client named it, which the response names too
 * @param stream whether the client asked for a stream
 * @param includeUsage whether a stream ends with a chunk that reports the usage ({@code stream_options.include_usage})
 * @param reasoning whether thinking is shown, as {@code reasoning_content}
 * @param unwrappedTool a tool that the request forced in place of structured output, whose input is the content
 * @param legacyFunctions whether the request used {@code functions}, so that a call is sent as {@code function_call}
 * @param customTools the names of the tools whose input is text
 */
public record ChatContext(
        String requestedModel,
        boolean stream,
        boolean includeUsage,
        boolean reasoning,
        Optional<String> unwrappedTool,
        boolean legacyFunctions,
        Set<String> customTools) {
    public ChatContext {
        // Set.copyOf takes the square of the names that have the same hash.
        customTools = Collections.unmodifiableSet(new HashSet<>(customTools));
    }

    /** Whether the block is a use of the unwrapped tool. */
    boolean unwraps(JsonObject block) {
        return JsonTree.text(block, "type").equals("tool_use")
                && unwrappedTool.equals(Optional.of(JsonTree.text(block, "name")));
    }

    /**
     * OpenAI's {@code finish_reason}. It has none for a message that the API would go on with, or that ended for a reason that
     * is not known: {@code length} is the only one by which clients see that the message is incomplete.
     *
     * @param calls how many calls the response has
     */
    String finishReason(Ending ending, int calls) {
        if (ending.calls() && calls > 0) {
            return legacyFunctions ? "function_call" : "tool_calls";
        }
        if (ending.refused()) {
            return "content_filter";
        }
        return ending.incomplete().isPresent() ? "length" : "stop";
    }
}
