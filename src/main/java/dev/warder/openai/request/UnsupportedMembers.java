package dev.warder.openai.request;

import dev.warder.openai.document.Members;
import dev.warder.openai.document.RefusedException;
import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import java.math.BigDecimal;
import java.util.List;

/** Members of a chat completion request that no response of the Messages API could satisfy. */
final class UnsupportedMembers {
    private static final String N = "n";
    private static final String LOGPROBS = "logprobs";
    private static final String TOP_LOGPROBS = "top_logprobs";
    private static final String MODALITIES = "modalities";

    private UnsupportedMembers() {}

    /** Refuses a request that has one of them. */
    static void refuse(Members top) throws RefusedException {
        if (top.number(N).filter(n -> n.compareTo(BigDecimal.ONE) != 0).isPresent()) {
            throw top.refused(N, "must be 1.");
        }
        if (top.flag(LOGPROBS).orElse(false)) {
            throw top.refused(LOGPROBS, "is not supported.");
        }
        if (top.number(TOP_LOGPROBS).filter(count -> count.signum() != 0).isPresent()) {
            throw top.refused(TOP_LOGPROBS, "is not supported.");
        }
        var modalities = top.array(MODALITIES).orElse(JsonArray.EMPTY_JSON_ARRAY);
        if (!modalities.stream()
                .allMatch(kind ->
                        kind instanceof JsonString word && word.getString().equals("text"))) {
            throw top.refused(MODALITIES, "must have nothing but text.");
        }
        for (String name : List.of("audio", "web_search_options")) {
            if (top.has(name)) {
                throw top.refused(name, "is not supported.");
            }
        }
    }
}
