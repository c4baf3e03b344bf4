package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.gate.Meter;
import dev.warder.gate.Verdict;
import dev.warder.json.JsonException;
import dev.warder.ledger.Rows;
import dev.warder.usage.CacheWrites;
import dev.warder.usage.UsageCounts;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A trace of the requests of a coding agent, and what is left of its limits after each, worked out by the API's rules: input
 * and writes to the cache count from the beginning of a request, reads do not count, output counts when it was generated,
 * whatever {@code max_tokens} is, and each bucket is filled continuously (source: the page on rate limits of the Anthropic
 * documentation).
 */
class LimitTraceTest {
    private static final String POLICY =
            "{\"version\": 1, \"clients\": [{\"name\": \"ada\", \"kind\": \"person\", \"limits\": {"
                    + "\"requests_per_minute\": 10, \"input_tokens_per_minute\": 30000, \"output_tokens_per_minute\": 4000}}]}";
    private static final long TICK_MILLIS = 250;

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
        var requests = new LimitedRequests(POLICY);
        for (var turn : TRACE) {
            requests.millis().set(turn.start());
            assertThat(left(requests, turn)).as("%s", turn).isEqualTo(turn.left());
        }
    }

    private static String left(LimitedRequests requests, Turn turn) throws JsonException {
        var verdict = requests.gate().ask(requests.inquiry("ada", turn.bytes()));
        if (verdict instanceof Verdict.Refused refused) {
            return "retry after " + LimitedRequests.value(refused.reply().fields(), "retry-after");
        }
        var granted = (Verdict.Granted) verdict;
        var meter = granted.meter().orElseThrow();
        run(meter, turn, requests.millis());
        granted.release().orElseThrow().run();
        var fields = meter.responseFields();
        return Stream.of("requests", "input-tokens", "output-tokens")
                .map(kind -> LimitedRequests.value(fields, "anthropic-ratelimit-" + kind + "-remaining"))
                .collect(Collectors.joining(" "));
    }

    /** The upstream counts the prompt, generates the response, and reports its length in the end. */
    private static void run(Meter meter, Turn turn, AtomicLong millis) {
        assertThat(meter.beforeTry()).isEmpty();
        millis.addAndGet(turn.counted());
        meter.usage(turn.counts(1));
        while (millis.addAndGet(TICK_MILLIS) < turn.end()) {
            meter.tick(TimeUnit.MILLISECONDS.toNanos(millis.get()));
        }
        millis.set(turn.end());
        meter.usage(turn.counts(turn.output()));
        meter.end(Rows.completed("req-1", Rows.consuming(turn.counts(turn.output()))));
    }
}
