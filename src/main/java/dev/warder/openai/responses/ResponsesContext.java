package dev.warder.openai.responses;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Optional;

/**
 * The parts of a request to the Responses API that decide the shape of its response. Immutable.
 *
 * @param requestedModel the model as the client named it, which the response names too
 * @param stream whether the client asked for a stream
 * @param summary whether thinking is shown, as a reasoning summary
 * @param encryptedReasoning whether reasoning items carry {@code encrypted_content}
 * @param unwrappedTool a tool that the request forced in place of structured output, whose input is the text
 * @param tools the client's tools
 * @param echo the members of the response that repeat the request or its defaults, such as {@code instructions},
 *     {@code tools} and {@code temperature}
 */
public record ResponsesContext(
        String requestedModel,
        boolean stream,
        boolean summary,
        boolean encryptedReasoning,
        Optional<String> unwrappedTool,
        ToolNames tools,
        JsonObject echo) {
    public ResponsesContext withoutEcho() {
        return new ResponsesContext(
                requestedModel, stream, summary, encryptedReasoning, unwrappedTool, tools, JsonValue.EMPTY_JSON_OBJECT);
    }
}
