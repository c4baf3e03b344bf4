package dev.warder.openai.responses;

import dev.warder.openai.shared.ToolList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tools of a request under the names to send. Not modified after it is made.
 *
 * @param names the client's tools by these names
 * @param sent the names by the {@link CalledTool#key} of the client's tools
 * @param namespaces the names of the tools of each namespace
 * @param webSearch the name of the API's tool that searches the web, if it is offered
 */
record OfferedTools(
        ToolList list,
        ToolNames names,
        Map<CalledTool, String> sent,
        Map<String, Set<String>> namespaces,
        Optional<String> webSearch) {
    Optional<String> find(CalledTool tool) {
        return Optional.ofNullable(sent.get(tool.key()));
    }

    String nameOf(CalledTool tool) {
        return find(tool).orElseGet(() -> tool.sent(any -> true));
    }
}
