package dev.warder.quota;

import dev.warder.http.Dialect;
import dev.warder.http.Field;
import dev.warder.quota.NodeLimits.LimitState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The header fields {@code anthropic-ratelimit-…} of a client's own limits (source: the page on rate limits of the Anthropic
 * documentation). Of several limits of a kind, the one with the smallest part left is shown. Thread-safe.
 */
public final class LimitFields {
    private static final Names REQUESTS = new Names("requests");
    private static final Names INPUT_TOKENS = new Names("input-tokens");
    private static final Names OUTPUT_TOKENS = new Names("output-tokens");
    private static final Names TOKENS = new Names("tokens");

    /** Three fields that are about one thing. Immutable. */
    private record Names(String limit, String remaining, String reset) {
        Names(String word) {
            this(
                    "anthropic-ratelimit-" + word + "-limit",
                    "anthropic-ratelimit-" + word + "-remaining",
                    "anthropic-ratelimit-" + word + "-reset");
        }
    }

    /** A time in its text form. Immutable. */
    private record Written(long second, String text) {
        static Written of(long second) {
            return new Written(second, Instant.ofEpochSecond(second).toString());
        }
    }

    /** The last one written: most limits are full again in the same second. */
    private volatile Written lastReset = Written.of(0);

    private final Dialects dialects;
    private final InstantSource clock;

    /** Writes the same in the words of another dialect. */
    @FunctionalInterface
    public interface Dialects {
        List<Field> ofOpenAi(List<Field> fields, Instant now);
    }

    LimitFields(Dialects dialects, InstantSource clock) {
        this.dialects = dialects;
        this.clock = clock;
    }

    List<Field> of(List<LimitState> states, Dialect dialect) {
        var now = clock.instant();
        var input = tightest(states, Limit.Kind.INPUT_TOKENS, Limit.Kind.INPUT_TOKENS);
        var output = tightest(states, Limit.Kind.OUTPUT_TOKENS, Limit.Kind.OUTPUT_TOKENS);
        var fields = new ArrayList<Field>();
        add(fields, REQUESTS, tightest(states, Limit.Kind.REQUESTS, Limit.Kind.OTHER_REQUESTS), now);
        add(fields, INPUT_TOKENS, input, now);
        add(fields, OUTPUT_TOKENS, output, now);
        add(fields, TOKENS, tighter(input, output), now);
        return dialect == Dialect.OPENAI
                ? Stream.concat(fields.stream(), dialects.ofOpenAi(fields, now).stream())
                        .toList()
                : fields;
    }

    private void add(List<Field> fields, Names names, @Nullable LimitState state, Instant now) {
        if (state != null) {
            fields.add(new Field(names.limit(), Long.toString(state.size())));
            fields.add(new Field(names.remaining(), Long.toString(state.remaining())));
            fields.add(new Field(names.reset(), reset(now.plusNanos(state.nanosUntilFull()))));
        }
    }

    private static @Nullable LimitState tightest(List<LimitState> states, Limit.Kind one, Limit.Kind other) {
        LimitState tightest = null;
        for (var state : states) {
            if (state.kind() == one || state.kind() == other) {
                tightest = tighter(tightest, state);
            }
        }
        return tightest;
    }

    private static @Nullable LimitState tighter(@Nullable LimitState one, @Nullable LimitState other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.part() < one.part() ? other : one;
    }

    /** In whole seconds. */
    private String reset(Instant full) {
        var last = lastReset;
        if (last.second() != full.getEpochSecond()) {
            last = Written.of(full.getEpochSecond());
            lastReset = last;
        }
        return last.text();
    }
}
