package dev.warder.openai;

import dev.warder.http.Field;
import dev.warder.openai.response.RateLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/** The fields of responses in OpenAI's dialect. */
final class ReplyFields {
    private static final String IGNORED = "X-Warder-Ignored";

    private ReplyFields() {}

    /**
     * The rate limits in OpenAI's names, and the names of the request's members that were not translated.
     *
     * @param upstream the first value of the upstream's field
     * @param now when the response arrived
     */
    static List<Field> of(Function<String, Optional<String>> upstream, Instant now, SortedSet<String> ignored) {
        var fields = new ArrayList<>(new RateLimits(upstream, now).fields());
        if (!ignored.isEmpty()) {
            fields.add(new Field(IGNORED, String.join(", ", ignored)));
        }
        return fields;
    }
}
