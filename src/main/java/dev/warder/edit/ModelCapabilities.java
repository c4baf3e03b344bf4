package dev.warder.edit;

import dev.warder.json.JsonTree;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The capabilities of one model. Immutable.
 *
 * @param efforts the levels of {@code output_config.effort}; empty where the model has none
 * @param thinking the types of {@code thinking}
 * @param structuredOutputs whether {@code output_config.format} and strict tools are accepted
 * @param forcedTool whether {@code tool_choice} may be {@code any} or {@code tool}
 * @param forcedToolWithThinking whether it may be while the model thinks
 * @param sampling whether {@code top_k} and one of {@code temperature} and {@code top_p} are accepted
 * @param prefill whether the conversation may end with the assistant's turn
 * @param systemMessages whether a message of role {@code system} may follow a turn of the user
 * @param webSearch the type of the API's tool that searches the web; empty where the model has none
 * @param maxTokens the most {@code max_tokens}
 * @param maxInputTokens the most tokens of a prompt
 */
public record ModelCapabilities(
        Set<String> efforts,
        Set<String> thinking,
        boolean structuredOutputs,
        boolean imageInput,
        boolean pdfInput,
        boolean forcedTool,
        boolean forcedToolWithThinking,
        boolean sampling,
        boolean prefill,
        boolean systemMessages,
        Optional<String> webSearch,
        long maxTokens,
        long maxInputTokens) {
    private static final BigDecimal MOST_LIMIT = BigDecimal.valueOf(1_000_000_000);

    public static final ModelCapabilities NONE = new ModelCapabilities(
            Set.of(),
            Set.of(),
            false,
            false,
            false,
            false,
            false,
            false,
            false,
            false,
            Optional.empty(),
            4096,
            1_000_000);

    public ModelCapabilities {
        efforts = Set.copyOf(efforts);
        thinking = Set.copyOf(thinking);
        if (maxTokens < 1 || maxInputTokens < 1) {
            throw new IllegalArgumentException("a limit of tokens is not positive");
        }
    }

    /**
     * These capabilities where {@code row} states nothing, else its own. A row is a model of the response to {@code GET
     * /v1/models}; in addition to the API's members, {@code capabilities} may have {@code forced_tool_choice}, {@code
     * forced_tool_choice_with_thinking}, {@code sampling}, {@code prefill}, {@code mid_conversation_system} and {@code
     * web_search}, whose {@code type} is the tool's.
     */
    ModelCapabilities with(JsonObject row) {
        JsonObject stated = row.get("capabilities") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
        return new ModelCapabilities(
                stated.get("effort") instanceof JsonObject levels ? supported(levels, levels) : efforts,
                stated.get("thinking") instanceof JsonObject kinds && kinds.get("types") instanceof JsonObject types
                        ? supported(kinds, types)
                        : thinking,
                supported(stated, "structured_outputs").orElse(structuredOutputs),
                supported(stated, "image_input").orElse(imageInput),
                supported(stated, "pdf_input").orElse(pdfInput),
                supported(stated, "forced_tool_choice").orElse(forcedTool),
                supported(stated, "forced_tool_choice_with_thinking").orElse(forcedToolWithThinking),
                supported(stated, "sampling").orElse(sampling),
                supported(stated, "prefill").orElse(prefill),
                supported(stated, "mid_conversation_system").orElse(systemMessages),
                stated.get("web_search") instanceof JsonObject search ? JsonTree.findText(search, "type") : webSearch,
                limit(row, "max_tokens").orElse(maxTokens),
                limit(row, "max_input_tokens").orElse(maxInputTokens));
    }

    private static OptionalLong limit(JsonObject row, String name) {
        return row.get(name) instanceof JsonNumber most
                        && most.bigDecimalValue().compareTo(BigDecimal.ONE) >= 0
                        && most.bigDecimalValue().compareTo(MOST_LIMIT) <= 0
                ? OptionalLong.of(most.longValue())
                : OptionalLong.empty();
    }

    private static Set<String> supported(JsonObject whole, JsonObject parts) {
        if (whole.get("supported") == JsonValue.FALSE) {
            return Set.of();
        }
        Predicate<String> isSupported = name -> supported(parts, name).orElse(false);
        return parts.keySet().stream().filter(isSupported).collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<Boolean> supported(JsonObject object, String name) {
        return object.get(name) instanceof JsonObject support && support.containsKey("supported")
                ? Optional.of(support.get("supported") == JsonValue.TRUE)
                : Optional.empty();
    }
}
