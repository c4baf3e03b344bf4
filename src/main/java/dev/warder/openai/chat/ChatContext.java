package dev.warder.openai.chat;

import java.util.Optional;
import java.util.Set;

/**
 * The parts of a chat request that decide the shape of its response. Thread-safe.
 *
 * @param requestedModel the model as the client named it, which the response names too
 * @param upstreamModel the model that was asked
 * @param stream whether the client asked for a stream
 * @param includeUsage whether a stream ends with a chunk that reports the usage ({@code stream_options.include_usage})
 * @param reasoning whether thinking is shown, as {@code reasoning_content}
 * @param unwrappedTool a tool that the request forced in place of structured output, whose input is the content
 * @param legacyFunctions whether the request used {@code functions}, so that a call is sent as {@code function_call}
 * @param customTools the names of the tools whose input is text
 */
public record ChatContext(
        String requestedModel,
        String upstreamModel,
        boolean stream,
        boolean includeUsage,
        boolean reasoning,
        Optional<String> unwrappedTool,
        boolean legacyFunctions,
        Set<String> customTools) {
    public ChatContext {
        customTools = Set.copyOf(customTools);
    }
}
