package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.warder.http.Dialect;
import dev.warder.json.BodyCosts.BodyPrompt;
import dev.warder.quota.Bounds.MeteredRequest;
import dev.warder.usage.OutputRate;
import dev.warder.usage.PriceBook;
import dev.warder.usage.Rows;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.UsageBounds;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageCounts.CacheWrites;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundsTest {
    private static final long BYTES = 100_000;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final BodyPrompt FILE = new BodyPrompt(false, false, false, true, 0, 0, 0);

    private final Bounds bounds = new Bounds(Rows.shipped(""), StartedBudgets.MODELS);

    @Test
    void learnsWithAMarginFromWhatTheUpstreamCounted() {
        bounds.learnPrompt(text("ann"), 60_000);
        assertThat(tokens("ann")).isBetween(66_000 + Bounds.ADDED, 66_010 + Bounds.ADDED);
        assertThat(tokens("bob")).isEqualTo(BYTES + Bounds.ADDED);
        assertThat(bounds.promptTokens(request("req_1", "ann", "other", BYTES, BodyPrompt.TEXT)))
                .isEqualTo(BYTES + Bounds.ADDED);
    }

    @Test
    void theDearestOfTheLastResponsesCounts() {
        bounds.learnPrompt(text("ann"), 80_000);
        for (int i = 0; i < 15; i++) {
            bounds.learnPrompt(text("ann"), 55_000);
        }
        assertThat(tokens("ann")).isGreaterThan(88_000);
        bounds.learnPrompt(text("ann"), 55_000);
        assertThat(tokens("ann")).isLessThan(62_000);
    }

    /** A file has no fewer tokens than a text of an unknown client: the text of a PDF is packed. */
    @Test
    void theLedgerAssumesWhatWasLearned() {
        assertThat(text("ann").bounds().tokensPerByte()).isEqualTo(0.5);
        bounds.learnPrompt(text("ann"), 20_000);
        assertThat(text("ann").bounds().tokensPerByte()).isCloseTo(0.22, within(1e-5));
        bounds.learnPrompt(text("ann"), 10 * BYTES);
        assertThat(text("ann").bounds().tokensPerByte()).isEqualTo(1);
        bounds.learnPrompt(file("bob", "one"), 1);
        assertThat(file("bob", "two").bounds().tokensPerByte()).isEqualTo(0.5);
        bounds.learnUncountedPrompt(file("bob", "two"));
        assertThat(file("bob", "two").bounds().tokensPerByte()).isEqualTo(0.5);
    }

    /** Otherwise many could be ended that way, each for the cost of a few tokens. */
    @Test
    void holdsMoreAgainAfterAPromptThatWasNotCounted() {
        bounds.learnUncountedPrompt(text("ann"));
        assertThat(learned("ann", "claude")).as("of an unknown client").isZero();
        bounds.learnPrompt(text("ann"), 1);
        bounds.learnUncountedPrompt(text("ann"));
        assertThat(learned("ann", "claude")).isCloseTo(0.55, within(1e-5));
        for (int i = 0; i < 16; i++) {
            bounds.learnPrompt(text("ann"), 20_000);
        }
        assertThat(learned("ann", "claude")).isCloseTo(0.22, within(1e-5));
    }

    /** A client could send spaces first, and then many texts of digits at once. */
    @Test
    void whatTheUncountedPromptsOfAClientDoNotHoldIsOneLongestPromptAtMost() {
        long most = 1_000_000;
        bounds.learnPrompt(text("ann"), 1);
        bounds.learnPrompt(text("bob"), 1);
        assertThat(bounds.promptTokens(text("ann", "one", most))).isLessThan(2000);
        long careful = 550_000 + Bounds.ADDED;
        assertThat(bounds.promptTokens(text("ann", "two", most))).isEqualTo(careful);
        assertThat(bounds.promptTokens(text("ann", "one", most))).isLessThan(2000);
        assertThat(bounds.promptTokens(text("ann", "three", 400_000))).isLessThan(2000);
        assertThat(bounds.promptTokens(text("bob", "four", most))).isLessThan(2000);
        bounds.end(text("ann", "two", most));
        assertThat(bounds.promptTokens(text("ann", "two", most))).isEqualTo(careful);
        bounds.end(text("ann", "one", most));
        assertThat(bounds.promptTokens(text("ann", "two", most))).isLessThan(2000);
        bounds.learnPrompt(text("ann", "two", most), 1);
        assertThat(bounds.promptTokens(text("ann", "five", most))).isLessThan(2000);
    }

    @Test
    void neverAssumesMoreThanATokenForEachByteOrThanModelsAccept() {
        assertThat(tokens("ann")).as("of an unknown client").isEqualTo(BYTES + Bounds.ADDED);
        assertThat(bounds.promptTokens(text("ann", "large", 30_000_000))).isEqualTo(1_000_000);
        bounds.learnPrompt(text("ann"), 10 * BYTES);
        assertThat(tokens("ann")).isEqualTo(BYTES + Bounds.ADDED);
    }

    @Test
    void remembersALimitedNumberOfClients() {
        bounds.learnPrompt(text("ann"), 60_000);
        for (int i = 0; i < Bounds.MOST; i++) {
            bounds.learnPrompt(text("client " + i), 60_000);
        }
        assertThat(tokens("ann")).isEqualTo(BYTES + Bounds.ADDED);
        assertThat(tokens("client 1")).isLessThan(BYTES);
    }

    /** Models are the client's choice. */
    @Test
    void manyModelsOfAClientReplaceNoOthers() {
        bounds.learnPrompt(text("bob"), 60_000);
        for (int i = 0; i < Bounds.MOST; i++) {
            bounds.learnPrompt(request("req_1", "ann", "model " + i, BYTES, BodyPrompt.TEXT), 60_000);
        }
        assertThat(tokens("bob")).isLessThan(BYTES);
        int forgotten = Bounds.MOST - Bounds.MOST_OF_CLIENT - 1;
        assertThat(learned("ann", "model " + forgotten)).isZero();
        assertThat(learned("ann", "model " + (forgotten + 1))).isPositive();
    }

    /** The text of a PDF is packed, and each page is an image too. */
    @Test
    void assumesAndLearnsMoreForFiles() {
        var file = request("req_1", "ann", "claude", BYTES, FILE);
        assertThat(bounds.promptTokens(file)).isEqualTo(1_000_000);
        bounds.learnPrompt(file, 3 * BYTES);
        for (int i = 0; i < 20; i++) {
            bounds.learnPrompt(file, BYTES);
        }
        assertThat(bounds.promptTokens(file("ann", "one"))).isBetween(330_000 + Bounds.ADDED, 330_010 + Bounds.ADDED);
        assertThat(tokens("ann")).isEqualTo(BYTES + Bounds.ADDED);
    }

    /** Each of many at once could be packed more than those before. */
    @Test
    void onlyOneRequestWithFilesOfAClientHoldsLessThanTheLongestPrompt() {
        bounds.learnPrompt(file("ann", "first"), 3 * BYTES);
        bounds.learnPrompt(file("bob", "other"), 3 * BYTES);
        assertThat(bounds.promptTokens(file("ann", "one"))).isLessThan(400_000);
        assertThat(bounds.promptTokens(file("ann", "two"))).isEqualTo(1_000_000);
        assertThat(bounds.promptTokens(file("ann", "one"))).isLessThan(400_000);
        assertThat(bounds.promptTokens(file("bob", "three"))).isLessThan(400_000);
        bounds.end(file("ann", "two"));
        assertThat(bounds.promptTokens(file("ann", "two"))).isEqualTo(1_000_000);
        bounds.learnPrompt(file("ann", "one"), BYTES);
        assertThat(bounds.promptTokens(file("ann", "two"))).isLessThan(400_000);
        bounds.end(file("ann", "two"));
        assertThat(bounds.promptTokens(file("ann", "four"))).isLessThan(400_000);
    }

    /** However small it is, it may be unpacked to a long text. */
    @Test
    void learnsFromSmallFilesToo() {
        var small = request("req_1", "ann", "claude", 100, FILE);
        bounds.learnPrompt(small, 400_000);
        assertThat(bounds.promptTokens(request("req_1", "ann", "claude", 100, FILE)))
                .isBetween(400_000L, 500_000L);
    }

    @Test
    void countsImagesByTheirNumber() {
        var images = new BodyPrompt(false, false, false, false, 2, 90_000, 0);
        assertThat(bounds.promptTokens(request("req_1", "ann", "claude", BYTES, images)))
                .isEqualTo(10_000 + 2 * 4_800 + Bounds.ADDED);
    }

    /** What the API adds would be most of a short one. */
    @ParameterizedTest
    @CsvSource({"999, 9, false, false", "9999, 257, false, false", "9999, 9, true, false", "9999, 9, false, true"})
    void learnsNothingFromShortRequestsLongNamesAndBodiesThatAreNotAll(
            long bytes, int name, boolean elsewhere, boolean grows) {
        String model = "a".repeat(name);
        var request = request("req_1", "ann", model, bytes, new BodyPrompt(elsewhere, grows, false, false, 0, 0, 0));
        assertThat(bounds.promptTokens(request)).isEqualTo(elsewhere || grows ? 1_000_000 : bytes + Bounds.ADDED);
        bounds.learnPrompt(request, 600);
        assertThat(learned("ann", model)).isZero();
    }

    private long tokens(String client) {
        return bounds.promptTokens(text(client));
    }

    private double learned(String client, String model) {
        return bounds.tokensPerByte(client, model, BodyPrompt.TEXT).orElse(0.0);
    }

    private MeteredRequest text(String client, String id, long bytes) {
        return request(id, client, "claude", bytes, BodyPrompt.TEXT);
    }

    private MeteredRequest file(String client, String id) {
        return request(id, client, "claude", BYTES, FILE);
    }

    private MeteredRequest text(String client) {
        return text(client, "req_1", BYTES);
    }

    private MeteredRequest request(String id, String client, String model, long bytes, BodyPrompt prompt) {
        return new MeteredRequest(
                id,
                client,
                model,
                Dialect.ANTHROPIC,
                bytes,
                prompt,
                false,
                false,
                1000,
                UsageBounds.LONGEST,
                bounds.tokensPerByte(client, model, prompt),
                OutputRate.DEFAULT);
    }

    /** By tokens in some seconds: half as much more than the fastest of eight responses within limits. */
    @ParameterizedTest
    @CsvSource({
        "1000, 10, 7, 250",
        "1000, 10, 8, 150",
        "800, 10, 8, 125",
        "900, 10, 8, 135",
        "1700, 10, 8, 250",
        "9999999, 10, 8, 250",
        // A response without a delay is known at once.
        "800, 0, 8, 250",
        "499, 10, 100, 250"
    })
    void learnsTheFastestSpeedOfAModel(long tokens, long seconds, int times, long expected) {
        learn(false, tokens, seconds, times);
        assertThat(bounds.rate("claude")).isEqualTo(new OutputRate(expected, 500));
    }

    @Test
    void theFastestResponseCounts() {
        learn(false, 1500, 10, 1);
        learn(false, 600, 10, 999);
        assertThat(bounds.rate("claude").standard()).isEqualTo(225);
        learn(false, 600, 10, 1001);
        assertThat(bounds.rate("claude").standard()).isEqualTo(125);
    }

    /** A response that was asked to be fast may not be: the ledger assumes the standard rate of it then. */
    @Test
    void theFastModeOfAModelHasItsOwnSpeedAndIsNeverSlower() {
        learn(true, 500, 10, 8);
        assertThat(bounds.rate("claude")).isEqualTo(new OutputRate(250, 250));
        learn(false, 800, 10, 8);
        assertThat(bounds.rate("claude")).isEqualTo(new OutputRate(125, 250));
        assertThat(bounds.rate("other")).isEqualTo(OutputRate.DEFAULT);
    }

    @Test
    void responsesOfAllClientsCountButThoseDuringWhichTheUpstreamRunsTools() {
        var grows = new BodyPrompt(false, true, false, false, 0, 0, 0);
        for (int i = 0; i < 8; i++) {
            bounds.learnResponse(request("req_1", "ann", "tools", BYTES, grows), false, 800, 10 * SECOND);
            bounds.learnResponse(text("client " + i), false, 1000, 10 * SECOND);
        }
        assertThat(bounds.rate("tools")).isEqualTo(OutputRate.DEFAULT);
        assertThat(bounds.rate("claude").standard()).isEqualTo(150);
    }

    private void learn(boolean fast, long tokens, long seconds, int times) {
        for (int i = 0; i < times; i++) {
            bounds.learnResponse(text("ann"), fast, tokens, seconds * SECOND);
        }
    }

    /** Rate limits assume it: the mean of the last responses. */
    @Test
    void theUsualSpeedOfAModelIsTheFastestUntilOneOfItsResponsesIsKnown() {
        bounds.learnUsual("claude", false, 800, 10 * SECOND);
        assertThat(usual("claude")).isEqualTo(80);
        assertThat(bounds.usualOutput("claude", false, 2 * SECOND)).isEqualTo(160);
        assertThat(bounds.usualOutput("claude", true, SECOND)).isEqualTo(500);
        assertThat(usual("other")).isEqualTo(250);
        bounds.learnUsual("other", false, 100, SECOND);
        bounds.learnUsual("other", false, 200, SECOND);
        assertThat(usual("other")).isEqualTo(150);
        for (int i = 0; i < 200; i++) {
            bounds.learnUsual("other", false, 100, SECOND);
        }
        assertThat(usual("other")).isBetween(100L, 101L);
    }

    /** Their time is that until their first token, or that of a client that reads slowly. */
    @Test
    void theUsualSpeedIgnoresShortResponsesAndIsNeverTooSlowOrTooFast() {
        bounds.learnUsual("claude", false, 99, 10 * SECOND);
        assertThat(usual("claude")).isEqualTo(250);
        bounds.learnUsual("claude", false, 100, 1000 * SECOND);
        assertThat(usual("claude")).isEqualTo(25);
        bounds.learnUsual("other", false, 150, 1000);
        assertThat(usual("other")).isEqualTo(250);
        bounds.learnUsual("other", false, 150, SECOND);
        assertThat(usual("other")).isEqualTo(200);
    }

    private long usual(String model) {
        return bounds.usualOutput(model, false, SECOND);
    }

    /** A model that is five times as expensive from 100,001 tokens of its prompt on. */
    @Nested
    class StepsOfPricesTest {
        private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
        private static final String MODEL = "claude-haiku-5-5";
        private static final long OUTPUT = 64_000;

        private final PriceBook book = Rows.shipped("").book().get();

        /** The price of the response depends on the prompt, and an estimate can be too low. */
        @ParameterizedTest
        @CsvSource({
            "50000, 99000",
            "50000, 100000",
            "50000, 100001",
            "100000, 110000",
            "100001, 110000",
            "99000, 101000",
            "150000, 99000",
            "150000, 160000"
        })
        void holdsWhatTheCountedPromptAndTheResponseCost(long estimated, long prompt) throws Exception {
            var bound = bound(estimated);
            var counted = new UsageCounts(prompt, CacheWrites.NONE, 0, 1, 0, 0, 0);
            long held = bound.with(bound.promptCost(counted), bound.outputToken(counted), OUTPUT);
            assertThat(held).isGreaterThanOrEqualTo(cost(prompt));
            assertThat(bound.with(OUTPUT)).isGreaterThanOrEqualTo(cost(estimated));
        }

        private CostBound bound(long promptTokens) throws Exception {
            var node = new StartedBudgets(() -> 0);
            node.adaMay(1, "");
            String members = "\"max_tokens\":" + OUTPUT + ",\"stream\":true";
            var inquiry = Inquiries.of("req-1", MODEL, members, node.policy.current());
            return CostBound.of(book, inquiry, NOW, promptTokens, OUTPUT, BigDecimal.ONE);
        }

        private long cost(long prompt) {
            var conditions = new PriceBook.Conditions(MODEL, Tier.STANDARD, Speed.STANDARD, Optional.of("us"), NOW);
            var counts = new UsageCounts(prompt, CacheWrites.NONE, 0, OUTPUT, 0, 0, 0);
            return book.cost(conditions, counts, BigDecimal.ONE).nanos();
        }
    }
}
