package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Gate;
import dev.warder.auth.Meter;
import dev.warder.auth.Verdict;
import dev.warder.http.Field;
import dev.warder.http.Route;
import dev.warder.ledger.Rows;
import dev.warder.policy.LivePolicy;
import dev.warder.quota.Bounds.AssumedModels;
import dev.warder.usage.OutputRate;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageCounts.CacheWrites;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate of rate limits on a clock that stands still until it is moved. */
class RateLimitGateTest {
    private static final long TICK_MILLIS = 250;

    private final LivePolicy policy = new LivePolicy(Optional.empty());
    private final AtomicLong millis = new AtomicLong();
    private final Gate gate = new RateLimiting(
                    Optional.empty(), Thread::new, () -> TimeUnit.MILLISECONDS.toNanos(millis.get()))
            .gate(
                    new Bounds(
                            dev.warder.usage.Rows.shipped(""), new AssumedModels(OutputRate.DEFAULT, model -> 200_000)),
                    (fields, now) -> List.of(),
                    InstantSource.system());

    /** Its body may have 500,000 tokens. */
    @Test
    void aClientWithASmallLimitDoesNotTakeMoreOfTheOrganizations() throws Exception {
        adaMay(
                "\"input_tokens_per_minute\": 10000",
                "\"organization\": {\"limits\": {\"input_tokens_per_minute\": 2000000}}");
        admitted("ada", 1_000_000);
        assertThat(left(admitted("bob", 1_000), "input-tokens")).isEqualTo(Integer.toString(2_000_000 - 10_000 - 500));
        assertThat(ask("ada", 10)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void aRequestThatIsCutBeforeItIsSentCountsNothingAndOneWhoseRecordIsLostCounts() throws Exception {
        adaMay("\"requests_per_minute\": 1", "\"teams\": []");
        var meter = admitted("ada", 100);
        meter.beforeTry();
        meter.end(Rows.completed(Route.MESSAGES, Optional.empty()));
        var granted = (Verdict.Granted) ask("ada", 100);
        granted.meter().orElseThrow().lost();
        granted.release().orElseThrow().run();
        assertThat(ask("ada", 100)).isInstanceOf(Verdict.Refused.class);
    }

    /** As other upstreams than the API do. */
    @ParameterizedTest
    @ValueSource(strings = {"claude-haiku-4-5", "claude-haiku-4-5-20251001", "our-haiku"})
    void aLimitOfAModelCountsAlsoWhenTheUpstreamNamesItOtherwise(String answered) throws Exception {
        adaMay(
                "\"requests_per_minute\": 9",
                "\"models\": [{\"name\": \"claude-haiku-4-5\", \"limits\": {\"output_tokens_per_minute\": 600}}]");
        var meter = admitted("ada", 100);
        meter.beforeTry();
        meter.end(Rows.completed(
                "req-1", Rows.answered(answered, new UsageCounts(9, CacheWrites.NONE, 0, 600, 0, 0, 0))));
        assertThat(left(meter, "output-tokens")).isEqualTo("0");
    }

    /** Times in milliseconds, the length of the body in bytes, the rest in tokens: 100 are generated in a second. */
    private record Turn(
            long start,
            long counted,
            long end,
            int bytes,
            long input,
            long written,
            long read,
            long output,
            String left) {
        UsageCounts counts(long outputSoFar) {
            return new UsageCounts(input, new CacheWrites(written, 0), read, outputSoFar, 0, 0, 0);
        }
    }

    /**
     * The requests of a coding agent, and what is left of its limits after each, worked out by the API's rules: input and writes
     * to the cache count from the beginning of a request, reads do not count, output counts when it was generated, whatever
     * {@code max_tokens} is, and each bucket is filled continuously (source: the page on rate limits of the Anthropic
     * documentation).
     */
    private static final List<Turn> TRACE = List.of(
            new Turn(0, 0, 20_000, 9_000, 12, 2_400, 0, 2_000, "10 30000 3333"),
            new Turn(22_000, 700, 24_500, 11_000, 8, 610, 2_400, 180, "9 30000 3453"),
            new Turn(25_000, 900, 40_900, 16_000, 10, 1_250, 3_010, 1_500, "10 30000 3046"),
            new Turn(41_000, 600, 43_600, 17_500, 6, 420, 4_260, 200, "9 30000 3026"),
            new Turn(44_500, 800, 50_000, 52_000, 14, 9_800, 4_680, 470, "9 22936 2983"),
            // Its body may have 27,000 tokens, which are not there yet.
            new Turn(50_500, 0, 0, 54_000, 0, 0, 0, 0, "retry after 8"),
            new Turn(58_500, 1_200, 67_700, 54_000, 9, 380, 14_480, 800, "10 30000 3363"),
            new Turn(68_000, 700, 69_700, 55_000, 5, 350, 14_860, 100, "9 30000 3396"),
            new Turn(70_000, 900, 100_900, 2_000, 520, 0, 0, 3_000, "10 30000 2476"),
            new Turn(110_000, 700, 112_700, 56_000, 15_200, 0, 0, 200, "9 16150 3063"),
            new Turn(113_000, 500, 114_500, 3_000, 700, 0, 0, 100, "8 16350 3083"),
            new Turn(114_500, 500, 155_000, 3_000, 700, 0, 0, 4_000, "10 30000 1783"),
            new Turn(155_500, 500, 156_000, 3_000, 700, 0, 0, 0, "9 29550 1850"));

    @Test
    void leavesWhatTheRulesOfTheApiLeave() throws Exception {
        adaMay(
                "\"requests_per_minute\": 10, \"input_tokens_per_minute\": 30000, \"output_tokens_per_minute\": 4000",
                "\"teams\": []");
        for (var turn : TRACE) {
            millis.set(turn.start());
            var verdict = ask("ada", turn.bytes());
            String left = verdict instanceof Verdict.Refused refused
                    ? "retry after " + value(refused.reply().fields(), "retry-after")
                    : after((Verdict.Granted) verdict, turn);
            assertThat(left).as("%s", turn).isEqualTo(turn.left());
        }
    }

    /** The upstream counts the prompt, generates the response, and reports its length in the end. */
    private String after(Verdict.Granted granted, Turn turn) {
        var meter = granted.meter().orElseThrow();
        assertThat(meter.beforeTry()).isEmpty();
        millis.addAndGet(turn.counted());
        meter.usage(turn.counts(Math.min(1, turn.output())));
        while (millis.addAndGet(TICK_MILLIS) < turn.end()) {
            meter.tick(TimeUnit.MILLISECONDS.toNanos(millis.get()));
        }
        millis.set(turn.end());
        meter.usage(turn.counts(turn.output()));
        String known = left(meter, "output-tokens");
        meter.end(Rows.completed("req-1", Rows.consuming(turn.counts(turn.output()))));
        assertThat(left(meter, "output-tokens")).as("known before the end").isEqualTo(known);
        granted.release().orElseThrow().run();
        return Stream.of("requests", "input-tokens", "output-tokens")
                .map(kind -> left(meter, kind))
                .collect(Collectors.joining(" "));
    }

    private void adaMay(String limits, String member) throws Exception {
        policy.accept(("{\"version\": 1, " + member
                        + ", \"clients\": [{\"name\": \"ada\", \"kind\": \"person\", \"limits\": {" + limits
                        + "}}, {\"name\": \"bob\", \"kind\": \"person\"}]}")
                .getBytes(StandardCharsets.UTF_8));
    }

    private Verdict ask(String client, int bytes) throws Exception {
        String members = "\"max_tokens\":64000,\"stream\":true,\"messages\":[]";
        return gate.ask(Inquiries.of("req-1", client, Inquiries.MODEL, members, bytes, policy.current()));
    }

    private Meter admitted(String client, int bytes) throws Exception {
        return ((Verdict.Granted) ask(client, bytes)).meter().orElseThrow();
    }

    private static String left(Meter meter, String kind) {
        return value(meter.responseFields(), "anthropic-ratelimit-" + kind + "-remaining");
    }

    private static String value(List<Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Field::value)
                .collect(Collectors.joining());
    }
}
