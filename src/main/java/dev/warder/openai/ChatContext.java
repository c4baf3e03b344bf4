package dev.warder.openai;

import java.util.Optional;

/**
 * What the translation of an answer must know of its request.
 *
 * @param requestedModel the model's name as the client wrote it, which every answer and chunk repeats
 * @param upstreamModel the model that is asked
 * @param stream whether the client asked for an event stream
 * @param includeUsage whether a stream ends with a chunk that has the usage
 * @param answerTool the tool that stands in for {@code response_format}: the input of its call is the answer's content,
 *     and a call of nothing else ends with {@code stop}; other tools may be called in its place
 * @param legacyFunctions whether a call is told as {@code function_call}, not as {@code tool_calls}
 * @param jsonObject whether one JSON object was asked for by a line of the system text
 */
record ChatContext(
        String requestedModel,
        String upstreamModel,
        boolean stream,
        boolean includeUsage,
        Optional<String> answerTool,
        boolean legacyFunctions,
        boolean jsonObject) {}
