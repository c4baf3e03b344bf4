package dev.warder.policy;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.OptionalLong;

/** Reads the member {@code limits} wherever it occurs. One thread at a time. */
final class LimitReader {
    static final String MEMBER = "limits";

    private static final String REQUESTS = "requests_per_minute";
    private static final String INPUT_TOKENS = "input_tokens_per_minute";
    private static final String OUTPUT_TOKENS = "output_tokens_per_minute";
    private static final String CONCURRENT = "concurrent_requests";
    private static final List<String> MEMBERS = List.of(REQUESTS, INPUT_TOKENS, OUTPUT_TOKENS, CONCURRENT);

    private static final long MOST_IN_A_MINUTE = 1_000_000_000_000L;
    private static final long MOST_CONCURRENT = 1_000_000;

    private final Problems problems;

    LimitReader(Problems problems) {
        this.problems = problems;
    }

    RateLimits read(ObjectReader owner) {
        return owner.object(MEMBER)
                .map(object -> read(object, owner.place(MEMBER)))
                .orElse(RateLimits.NONE);
    }

    private RateLimits read(JsonObject object, String place) {
        var limits = ObjectReader.of(object, place, problems, MEMBERS);
        if (object.isEmpty()) {
            problems.add(place, "must not be empty; leave it out for no limit");
        }
        return new RateLimits(
                number(limits, object, REQUESTS, MOST_IN_A_MINUTE),
                number(limits, object, INPUT_TOKENS, MOST_IN_A_MINUTE),
                number(limits, object, OUTPUT_TOKENS, MOST_IN_A_MINUTE),
                number(limits, object, CONCURRENT, MOST_CONCURRENT));
    }

    private static OptionalLong number(ObjectReader limits, JsonObject object, String member, long most) {
        if (!object.containsKey(member)) {
            return OptionalLong.empty();
        }
        long number = JsonTree.count(object, member, 0);
        if (number < 1 || number > most) {
            limits.problem(member, "must be a whole number from 1 to " + most + ", without quotes");
            return OptionalLong.empty();
        }
        return OptionalLong.of(number);
    }
}
