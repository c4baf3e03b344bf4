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

    /** A limit with the values of its fields. Immutable. */
    private record Shown(LimitState state, String limit, String remaining, String reset) {}

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
        var input = shown(states, LimitKind.INPUT_TOKENS, LimitKind.INPUT_TOKENS, now);
        var output = shown(states, LimitKind.OUTPUT_TOKENS, LimitKind.OUTPUT_TOKENS, now);
        var fields = new ArrayList<Field>();
        add(fields, REQUESTS, shown(states, LimitKind.REQUESTS, LimitKind.OTHER_REQUESTS, now));
        add(fields, INPUT_TOKENS, input);
        add(fields, OUTPUT_TOKENS, output);
        add(fields, TOKENS, tighter(input, output));
        return dialect == Dialect.OPENAI
                ? Stream.concat(fields.stream(), dialects.ofOpenAi(fields, now).stream())
                        .toList()
                : fields;
    }

    private static void add(List<Field> fields, Names names, @Nullable Shown shown) {
        if (shown != null) {
            fields.add(new Field(names.limit(), shown.limit()));
            fields.add(new Field(names.remaining(), shown.remaining()));
            fields.add(new Field(names.reset(), shown.reset()));
        }
    }

    private @Nullable Shown shown(List<LimitState> states, LimitKind one, LimitKind other, Instant now) {
        LimitState tightest = null;
        for (var state : states) {
            boolean counts = state.kind() == one || state.kind() == other;
            if (counts && (tightest == null || state.part() < tightest.part())) {
                tightest = state;
            }
        }
        return tightest == null
                ? null
                : new Shown(
                        tightest,
                        Long.toString(tightest.size()),
                        Long.toString(tightest.remaining()),
                        reset(now.plusNanos(tightest.nanosUntilFull())));
    }

    private static @Nullable Shown tighter(@Nullable Shown one, @Nullable Shown other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.state().part() < one.state().part() ? other : one;
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
