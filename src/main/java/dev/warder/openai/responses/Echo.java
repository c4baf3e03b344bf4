package dev.warder.openai.responses;

import dev.warder.json.JsonTree;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;

/** The members of a response that repeat the request, with OpenAI's defaults for those that it does not have. */
final class Echo {
    private static final String SERVICE_TIER = "service_tier";
    private static final JsonObject PLAIN_TEXT =
            JsonTree.newObject().add("format", JsonTree.typed("text")).build();

    private Echo() {}

    /**
     * The members for one response.
     *
     * @param request a request that was translated
     * @param tier whether its service tier was sent
     */
    static JsonObject of(JsonObject request, boolean tier) {
        var echo = JsonTree.newObject()
                .add("background", false)
                .add("instructions", sent(request, "instructions", JsonValue.NULL))
                .add("max_output_tokens", sent(request, "max_output_tokens", JsonValue.NULL))
                .addNull("max_tool_calls")
                .add("metadata", sent(request, "metadata", JsonValue.EMPTY_JSON_OBJECT))
                .add("parallel_tool_calls", sent(request, "parallel_tool_calls", JsonValue.TRUE))
                .addNull("previous_response_id")
                .add("reasoning", reasoning(sent(request, "reasoning", JsonValue.EMPTY_JSON_OBJECT)))
                .add("store", false)
                .add("temperature", number(request, "temperature"))
                .add("text", text(sent(request, "text", PLAIN_TEXT)))
                .add("tool_choice", sent(request, "tool_choice", JsonTree.string("auto")))
                .add("tools", sent(request, "tools", JsonValue.EMPTY_JSON_ARRAY))
                .add("top_logprobs", 0)
                .add("top_p", number(request, "top_p"))
                .add("truncation", "disabled");
        for (String name : new String[] {"prompt_cache_key", "safety_identifier", "user"}) {
            if (request.get(name) instanceof JsonString text) {
                echo.add(name, text);
            }
        }
        if (tier) {
            echo.add(SERVICE_TIER, sent(request, SERVICE_TIER, JsonValue.NULL));
        }
        return echo.build();
    }

    private static JsonValue sent(JsonObject request, String name, JsonValue otherwise) {
        var value = request.get(name);
        return value == null || JsonValue.NULL.equals(value) ? otherwise : value;
    }

    private static BigDecimal number(JsonObject request, String name) {
        return request.get(name) instanceof JsonNumber number ? number.bigDecimalValue() : BigDecimal.ONE;
    }

    private static JsonValue text(JsonValue text) {
        return text instanceof JsonObject object && sent(object, "format", JsonValue.NULL) == JsonValue.NULL
                ? JsonTree.newObject(object)
                        .add("format", PLAIN_TEXT.get("format"))
                        .build()
                : text;
    }

    private static JsonObject reasoning(JsonValue reasoning) {
        var sent = reasoning.asJsonObject();
        return JsonTree.newObject()
                .add("effort", sent(sent, "effort", JsonValue.NULL))
                .add("summary", sent(sent, "summary", JsonValue.NULL))
                .build();
    }
}
