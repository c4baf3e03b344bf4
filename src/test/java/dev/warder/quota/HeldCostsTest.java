package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Inquiry;
import dev.warder.auth.Meter;
import dev.warder.auth.Verdict;
import dev.warder.http.Dialect;
import dev.warder.http.RequestHints;
import dev.warder.ledger.Rows;
import dev.warder.ledger.store.DatabaseLeases;
import dev.warder.ledger.store.HoldLog;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Turns;
import dev.warder.usage.OutputRate;
import dev.warder.usage.RequestUsage;
import dev.warder.usage.TryUsage;
import dev.warder.usage.UsageReader;
import dev.warder.usage.UsageRow;
import dev.warder.usage.Usages;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random streams that end at any moment. The ledger never books more for one than its budget held, as long as the model is not
 * faster and the prompt not longer than is assumed.
 */
@Tag("turn-6")
@Timeout(120)
class HeldCostsTest {
    private static final int STREAMS = Turns.of(20, 50);
    /** Once something was learned, less is held. */
    private static final double LONGEST_PROMPT = 0.3;

    private static final List<String> MODELS = List.of("claude-haiku-4-5", "claude-opus-5", "claude-x");

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final StartedBudgets node = new StartedBudgets(System::nanoTime);

    @BeforeEach
    void start() throws Exception {
        node.adaMay(1, "{\"amount\": \"10000000\", \"period\": \"month\"}");
        node.start(new DatabaseLeases(h2.database()), Duration.ofSeconds(60), StartedBudgets.MODELS);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void neverCostMoreThanWasHeld(long seed) throws Exception {
        var random = new Random(seed);
        var recorder = Usages.recorder(Instant.now(), node::now);
        for (int i = 0; i < STREAMS; i++) {
            new Stream(random, recorder, "req-" + i).run();
            assertThat(node.budgets().counts().exceeded().sum())
                    .as("stream %d of seed %d", i, seed)
                    .isZero();
        }
    }

    /** One request with one or two tries. */
    private final class Stream {
        private final Random random;
        private final boolean fast;

        /** The model that runs if the first one declines; empty if there is none. */
        private final Optional<String> fallback;

        private final Inquiry inquiry;
        private final Meter meter;
        private final RequestUsage usage;
        private final List<UsageRow> rows = new ArrayList<>();

        Stream(Random random, RequestUsage.Recorder recorder, String id) throws Exception {
            this.random = random;
            String model = MODELS.get(random.nextInt(MODELS.size()));
            fast = model.equals("claude-opus-5") && random.nextBoolean();
            fallback = random.nextBoolean() ? Optional.of(MODELS.get(random.nextInt(MODELS.size()))) : Optional.empty();
            inquiry = Inquiries.of(id, model, members(), node.policy.current());
            meter = ((Verdict.Granted) node.decision(inquiry, HoldLog.NONE))
                    .meter()
                    .orElseThrow();
            usage = recorder.admitted(facts(), Optional.of("ada"), Optional.empty());
        }

        private String members() {
            String cached = random.nextBoolean() ? ",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}" : "";
            return "\"max_tokens\":" + (1 + random.nextInt(3000)) + ",\"stream\":true"
                    + (fast ? ",\"speed\":\"fast\"" : "")
                    + (random.nextInt(3) == 0 ? ",\"inference_geo\":\"us\"" : "")
                    + fallback.map(other -> ",\"fallbacks\":[{\"model\":\"" + other + "\"}]")
                            .orElse("")
                    + ",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\""
                    + "t".repeat(random.nextInt(100_000)) + "\"" + cached + "}]}]";
        }

        private RequestUsage.Facts facts() {
            var content = inquiry.content().orElseThrow();
            return new RequestUsage.Facts(
                    inquiry.call().id(),
                    Dialect.ANTHROPIC,
                    Optional.empty(),
                    Optional.empty(),
                    RequestHints.NONE,
                    content.model(),
                    content.model(),
                    OptionalLong.of(content.length()),
                    content.maxTokens(),
                    inquiry.costs(),
                    false,
                    meter.admittedAt(),
                    meter.bounds(),
                    meter::held);
        }

        void run() {
            int tries = 1 + random.nextInt(2);
            for (int i = 0; i < tries; i++) {
                assertThat(meter.beforeTry()).isEmpty();
                attempt();
            }
            meter.end(Rows.completed(inquiry.call().id(), rows.toArray(UsageRow[]::new)));
        }

        private void attempt() {
            long begun = node.now();
            var attempt = usage.newTry("primary");
            var reader = new UsageReader(attempt, true, "", () -> {
                // Not cut: the budget is large.
                assertThat(meter.usage(attempt.soFar())).isEmpty();
            });
            pass(random.nextInt(3000));
            if (random.nextInt(4) > 0) {
                respond(reader, begun);
            }
            var ends = attempt.hasStarted()
                    ? List.of(UsageRow.End.CUT_OFF, UsageRow.End.CANCELLED, UsageRow.End.UNKNOWN, UsageRow.End.COMPLETE)
                    : List.of(UsageRow.End.CANCELLED, UsageRow.End.UNKNOWN, UsageRow.End.UNANSWERED);
            rows.addAll(attempt.rows(new TryUsage.Result(
                    new UsageRow.Upstream(
                            "main",
                            "api-key",
                            Optional.empty(),
                            attempt.hasStarted() ? OptionalInt.of(200) : OptionalInt.empty(),
                            ends.get(random.nextInt(ends.size()))),
                    random.nextInt(8) > 0,
                    inquiry.content().orElseThrow().length(),
                    new UsageRow.Times(Optional.empty(), Duration.ofNanos(node.now() - begun)))));
        }

        private void respond(UsageReader reader, long begun) {
            boolean isFast = fast && random.nextBoolean();
            String asked = inquiry.model().orElseThrow();
            var other = fallback.filter(each -> random.nextBoolean());
            long most = inquiry.maxTokens().orElseThrow();
            long declined = Math.min(most, possible(node.now() - begun, isFast));
            String prompt = prompt();
            reader.read(event(
                    "message_start",
                    "\"message\":{\"model\":\"" + other.orElse(asked) + "\",\"usage\":{" + prompt + conditions(isFast)
                            + ",\"output_tokens\":1}}"));
            long start = node.now();
            int steps = random.nextInt(40);
            for (int i = 0; i < steps; i++) {
                pass(random.nextInt(400));
                if (random.nextInt(3) == 0) {
                    long output = Math.min(most, possible(node.now() - start, isFast));
                    String runs = other.map(each -> runs(prompt, asked, declined, each, output))
                            .orElse("");
                    reader.read(
                            event("message_delta", "\"delta\":{},\"usage\":{\"output_tokens\":" + output + runs + "}"));
                }
            }
            if (random.nextBoolean()) {
                reader.read(event("message_stop", "\"x\":1"));
            }
        }

        /** Not more than is assumed. */
        private long possible(long nanos, boolean isFast) {
            return (long) (OutputRate.DEFAULT.tokens(nanos, isFast) * (0.5 + random.nextDouble() / 2));
        }

        /** The first model has declined after some tokens. */
        private static String runs(String prompt, String first, long declined, String second, long output) {
            return ",\"iterations\":[{\"type\":\"message\",\"model\":\"" + first + "\"," + prompt
                    + ",\"output_tokens\":"
                    + declined + "},{\"type\":\"fallback_message\",\"model\":\"" + second + "\"," + prompt
                    + ",\"output_tokens\":" + output + "}]";
        }

        private String conditions(boolean isFast) {
            return (fast ? ",\"speed\":\"" + (isFast ? "fast" : "standard") + "\"" : "")
                    + (random.nextInt(3) == 0 ? ",\"inference_geo\":\"us\"" : "");
        }

        /** Read from the cache, written to it or neither. */
        private String prompt() {
            long tokens = (long) (inquiry.content().orElseThrow().length() * LONGEST_PROMPT * random.nextDouble());
            long read = (long) (tokens * random.nextDouble());
            long written = (long) ((tokens - read) * random.nextDouble());
            return "\"input_tokens\":" + (tokens - read - written) + ",\"cache_read_input_tokens\":" + read
                    + ",\"cache_creation_input_tokens\":" + written + ",\"cache_creation\":{\"ephemeral_"
                    + (inquiry.costs().cachesForAnHour() ? "1h" : "5m") + "_input_tokens\":" + written + "}";
        }

        private byte[] event(String type, String members) {
            return ("event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n")
                    .getBytes(StandardCharsets.UTF_8);
        }

        /** Looks several times a second, as the product does. */
        private void pass(int millis) {
            node.pass(TimeUnit.MILLISECONDS.toNanos(millis));
            assertThat(meter.tick(node.now())).isEmpty();
        }
    }
}
