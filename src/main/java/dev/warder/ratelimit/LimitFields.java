package dev.warder.ratelimit;

import dev.warder.http.Dialect;
import dev.warder.http.Field;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The header fields {@code anthropic-ratelimit-…} of a client's own limits (source: the page on rate limits of the Anthropic
 * documentation). Of several limits of a kind, the one with the smallest part left is shown. Thread-safe.
 */
public final class LimitFields {
    private static final String PREFIX = "anthropic-ratelimit-";

    private final Dialects dialects;
    private final InstantSource clock;

    /** Writes the same in the words of another dialect. */
    @FunctionalInterface
    public interface Dialects {
        /**
         * The fields that clients of OpenAI look for.
         *
         * @param fields those of the API
         * @param now the time of the response
         */
        List<Field> ofOpenAi(List<Field> fields, Instant now);
    }

    /** @param clock the time of day */
    LimitFields(Dialects dialects, InstantSource clock) {
        this.dialects = dialects;
        this.clock = clock;
    }

    /** The fields of these limits; of a kind without a limit there is none. */
    List<Field> of(List<LimitState> states, Dialect dialect) {
        var now = clock.instant();
        var fields = new ArrayList<Field>();
        add(fields, "requests", tightest(states, LimitKind.REQUESTS, LimitKind.OTHER_REQUESTS), now);
        add(fields, "input-tokens", tightest(states, LimitKind.INPUT_TOKENS), now);
        add(fields, "output-tokens", tightest(states, LimitKind.OUTPUT_TOKENS), now);
        add(fields, "tokens", tightest(states, LimitKind.INPUT_TOKENS, LimitKind.OUTPUT_TOKENS), now);
        return dialect == Dialect.OPENAI
                ? Stream.concat(fields.stream(), dialects.ofOpenAi(fields, now).stream())
                        .toList()
                : fields;
    }

    private static Optional<LimitState> tightest(List<LimitState> states, LimitKind... kinds) {
        return states.stream()
                .filter(state -> List.of(kinds).contains(state.kind()))
                .min(Comparator.comparingDouble(LimitState::part));
    }

    private static void add(List<Field> fields, String word, Optional<LimitState> state, Instant now) {
        state.ifPresent(known -> {
            var full = now.plusNanos(known.nanosUntilFull());
            fields.add(new Field(PREFIX + word + "-limit", Long.toString(known.size())));
            fields.add(new Field(PREFIX + word + "-remaining", Long.toString(known.remaining())));
            fields.add(new Field(
                    PREFIX + word + "-reset",
                    full.truncatedTo(ChronoUnit.SECONDS).toString()));
        });
    }
}
