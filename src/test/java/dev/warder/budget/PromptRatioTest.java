package dev.warder.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.warder.http.Dialect;
import dev.warder.json.BodyPrompt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptRatioTest {
    private static final long BYTES = 100_000;
    private static final BodyPrompt FILE = new BodyPrompt(false, false, true, 0, 0);

    private final PromptRatio ratios = new PromptRatio(new LearnedBounds(() -> 0));

    @Test
    void assumesATokenForEachByteOfAnUnknownClient() {
        assertThat(tokens("ann")).isEqualTo(BYTES + PromptRatio.ADDED);
    }

    @Test
    void learnsWithAMarginFromWhatTheUpstreamCounted() {
        ratios.learn(text("ann"), 60_000);
        assertThat(tokens("ann")).isBetween(66_000 + PromptRatio.ADDED, 66_010 + PromptRatio.ADDED);
        assertThat(tokens("bob")).isEqualTo(BYTES + PromptRatio.ADDED);
        assertThat(ratios.tokens(request("ann", "other", BYTES, BodyPrompt.TEXT)))
                .isEqualTo(BYTES + PromptRatio.ADDED);
    }

    @Test
    void theDearestOfTheLastResponsesCounts() {
        ratios.learn(text("ann"), 80_000);
        for (int i = 0; i < 15; i++) {
            ratios.learn(text("ann"), 55_000);
        }
        assertThat(tokens("ann")).isGreaterThan(88_000);
        ratios.learn(text("ann"), 55_000);
        assertThat(tokens("ann")).isLessThan(62_000);
    }

    @Test
    void theLedgerAssumesWhatWasLearned() {
        assertThat(assumed("ann")).isEqualTo(0.5);
        ratios.learn(text("ann"), 20_000);
        assertThat(assumed("ann")).isCloseTo(0.22, within(1e-5));
        ratios.learn(text("ann"), 10 * BYTES);
        assertThat(assumed("ann")).isEqualTo(1);
    }

    /** A client could send spaces first, and then many texts of digits at once. */
    @Test
    void whatTheUncountedPromptsOfAClientDoNotHoldIsOneLongestPromptAtMost() {
        long most = 1_000_000;
        ratios.learn(text("ann"), 1);
        ratios.learn(text("bob"), 1);
        assertThat(ratios.tokens(text("ann", "one", most))).isLessThan(2000);
        long careful = 550_000 + PromptRatio.ADDED;
        assertThat(ratios.tokens(text("ann", "two", most))).isEqualTo(careful);
        assertThat(ratios.tokens(text("ann", "one", most))).isLessThan(2000);
        assertThat(ratios.tokens(text("ann", "three", 400_000))).isLessThan(2000);
        assertThat(ratios.tokens(text("bob", "four", most))).isLessThan(2000);
        ratios.end(text("ann", "two", most));
        assertThat(ratios.tokens(text("ann", "two", most))).isEqualTo(careful);
        ratios.end(text("ann", "one", most));
        assertThat(ratios.tokens(text("ann", "two", most))).isLessThan(2000);
        ratios.learn(text("ann", "two", most), 1);
        assertThat(ratios.tokens(text("ann", "five", most))).isLessThan(2000);
    }

    @Test
    void neverAssumesMoreThanATokenForEachByte() {
        ratios.learn(text("ann"), 10 * BYTES);
        assertThat(tokens("ann")).isEqualTo(BYTES + PromptRatio.ADDED);
    }

    /** What the API adds would be most of it. */
    @Test
    void learnsNothingFromShortRequests() {
        ratios.learn(request("ann", "claude", 999, BodyPrompt.TEXT), 600);
        assertThat(tokens("ann")).isEqualTo(BYTES + PromptRatio.ADDED);
    }

    @Test
    void remembersALimitedNumberOfClients() {
        ratios.learn(text("ann"), 60_000);
        for (int i = 0; i < 10_000; i++) {
            ratios.learn(text("client " + i), 60_000);
        }
        assertThat(tokens("ann")).isEqualTo(BYTES + PromptRatio.ADDED);
        assertThat(tokens("client 1")).isLessThan(BYTES);
    }

    /** The text of a PDF is packed, and each page is an image too. */
    @Test
    void assumesAndLearnsMoreForFiles() {
        var file = request("ann", "claude", BYTES, FILE);
        assertThat(ratios.tokens(file)).isEqualTo(1_000_000);
        ratios.learn(file, 3 * BYTES);
        for (int i = 0; i < 20; i++) {
            ratios.learn(file, BYTES);
        }
        assertThat(ratios.tokens(file)).isBetween(330_000 + PromptRatio.ADDED, 330_010 + PromptRatio.ADDED);
        assertThat(tokens("ann")).isEqualTo(BYTES + PromptRatio.ADDED);
    }

    /** Each of many at once could be packed more than those before. */
    @Test
    void onlyOneRequestWithFilesOfAClientHoldsLessThanTheLongestPrompt() {
        ratios.learn(file("ann", "first"), 3 * BYTES);
        ratios.learn(file("bob", "other"), 3 * BYTES);
        assertThat(ratios.tokens(file("ann", "one"))).isLessThan(400_000);
        assertThat(ratios.tokens(file("ann", "two"))).isEqualTo(1_000_000);
        assertThat(ratios.tokens(file("ann", "one"))).isLessThan(400_000);
        assertThat(ratios.tokens(file("bob", "three"))).isLessThan(400_000);
        ratios.end(file("ann", "two"));
        assertThat(ratios.tokens(file("ann", "two"))).isEqualTo(1_000_000);
        ratios.learn(file("ann", "one"), BYTES);
        assertThat(ratios.tokens(file("ann", "two"))).isLessThan(400_000);
        ratios.end(file("ann", "two"));
        assertThat(ratios.tokens(file("ann", "four"))).isLessThan(400_000);
    }

    /** However small it is, it may be unpacked to a long text. */
    @Test
    void learnsFromSmallFilesToo() {
        var small = request("ann", "claude", 100, FILE);
        ratios.learn(small, 400_000);
        assertThat(ratios.tokens(small)).isGreaterThan(400_000);
    }

    @Test
    void countsImagesByTheirNumber() {
        var images = new BodyPrompt(false, false, false, 2, 90_000);
        assertThat(ratios.tokens(request("ann", "claude", BYTES, images)))
                .isEqualTo(10_000 + 2 * 4_800 + PromptRatio.ADDED);
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void assumesTheLongestPromptWhereTheBodyIsNotAllAndLearnsNothingFromIt(boolean elsewhere, boolean grows) {
        var request = request("ann", "claude", BYTES, new BodyPrompt(elsewhere, grows, false, 0, 0));
        assertThat(ratios.tokens(request)).isEqualTo(1_000_000);
        ratios.learn(request, 60_000);
        assertThat(tokens("ann")).isEqualTo(BYTES + PromptRatio.ADDED);
    }

    @Test
    void noPromptIsLongerThanModelsAccept() {
        assertThat(ratios.tokens(request("ann", "claude", 30_000_000, BodyPrompt.TEXT)))
                .isEqualTo(1_000_000);
    }

    private long tokens(String client) {
        return ratios.tokens(text(client));
    }

    private double assumed(String client) {
        return ratios.assumed(client, "claude", BodyPrompt.TEXT);
    }

    private static MeteredRequest text(String client, String id, long bytes) {
        return new MeteredRequest(
                id, client, "claude", Dialect.ANTHROPIC, bytes, BodyPrompt.TEXT, false, false, 1000, Inquiries.BOUNDS);
    }

    private static MeteredRequest file(String client, String id) {
        return new MeteredRequest(
                id, client, "claude", Dialect.ANTHROPIC, BYTES, FILE, false, false, 1000, Inquiries.BOUNDS);
    }

    private static MeteredRequest text(String client) {
        return request(client, "claude", BYTES, BodyPrompt.TEXT);
    }

    private static MeteredRequest request(String client, String model, long bytes, BodyPrompt prompt) {
        return new MeteredRequest(
                "req_1", client, model, Dialect.ANTHROPIC, bytes, prompt, false, false, 1000, Inquiries.BOUNDS);
    }
}
