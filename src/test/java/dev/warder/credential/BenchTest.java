package dev.warder.credential;

import static dev.warder.credential.PoolGround.UNKNOWN;
import static dev.warder.credential.PoolGround.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.EachRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule "Time out of use": for how long a credential among several is not used after an answer. */
class BenchTest {
    private static final String RETRY_AFTER = "retry-after";
    private static final String LIMIT = "anthropic-ratelimit-";

    private final PoolGround ground = PoolGround.ordered("a", "b");

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void benchesWhatTheUpstreamRefusesForAMinute(int status) {
        assertBenched(answer(status), Duration.ofSeconds(60));
    }

    @Test
    void benchesARenewableLoginThatIsRefused() {
        var logins = PoolGround.ordered(PoolGround.login("a", new HashMap<>()), PoolGround.key("b"));
        logins.use("a", answer(403));
        logins.assertBenched("a", Duration.ofSeconds(60));
    }

    @Test
    void benchesWhatIsNotPaidForTenMinutes() {
        assertBenched(answer(402), Duration.ofMinutes(10));
    }

    @Test
    void benchesAReachedSpendLimitForTenMinutes() {
        assertBenched(answer(429, "x-should-retry", "false"), Duration.ofMinutes(10));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "42, 42", "600, 600", "0, 1", "601, 600", "86400, 600", "99999999999999999999, 600"})
    void benchesForTheSecondsOfRetryAfterWithinTenMinutes(String sent, int seconds) {
        assertHeld(answer(429, RETRY_AFTER, sent), Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"1.5, 1500", "0.25, 1000", "42.0, 42000", "30.1250000009, 30125", "99999999999999.5, 600000"})
    void benchesForFractionsOfASecond(String sent, long millis) {
        assertHeld(answer(429, RETRY_AFTER, sent), Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"1500, 1500", "2500.0, 2500", "20, 1000", "9999999, 600000", "soon, 7000"})
    void prefersTheMillisecondsToTheSeconds(String sent, long millis) {
        assertHeld(answer(429, RETRY_AFTER + "-ms", sent, RETRY_AFTER, "7"), Duration.ofMillis(millis));
    }

    @EachRow({
        "Sun, 01 Mar 2026 12:00:42 GMT | 42",
        "Sunday, 01-Mar-26 12:00:42 GMT | 42",
        "Sun Mar  1 12:00:42 2026 | 42",
        "Sun, 01 Mar 2026 11:59:00 GMT | 1",
        "Mon, 02 Mar 2026 12:00:00 GMT | 600"
    })
    void benchesUntilTheDateOfRetryAfter(String sent, int seconds) {
        assertHeld(answer(429, RETRY_AFTER, sent), Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-5", "1.", ".5", "1e3", "", "Sun, 32 Mar 2026 12:00:42 GMT"})
    void benchesFor15SecondsWhenRetryAfterSaysNothing(String sent) {
        assertBenched(answer(429, RETRY_AFTER, sent), Duration.ofSeconds(15));
    }

    @Test
    void benchesFor15SecondsWhen429SaysNothingMore() {
        assertBenched(answer(429), Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @ValueSource(strings = {"requests", "tokens", "input-tokens", "output-tokens"})
    void benchesUntilTheResetOfWhatIsUsedUpAfterAGoodAnswerToo(String counted) {
        var usedUp =
                new String[] {LIMIT + counted + "-remaining", "0", LIMIT + counted + "-reset", "2026-03-01T12:00:30Z"};
        assertHeld(answer(200, usedUp), Duration.ofSeconds(30));
    }

    @Test
    void benchesUntilTheLastResetOfAllThatIsUsedUp() {
        assertHeld(
                answer(
                        429,
                        LIMIT + "requests-remaining",
                        "0",
                        LIMIT + "requests-reset",
                        "2026-03-01T12:00:20Z",
                        LIMIT + "tokens-remaining",
                        "0",
                        LIMIT + "tokens-reset",
                        "2026-03-01T13:00:40+01:00",
                        LIMIT + "output-tokens-remaining",
                        "7",
                        LIMIT + "output-tokens-reset",
                        "2026-03-01T12:00:59Z"),
                Duration.ofSeconds(40));
    }

    @Test
    void benchesForAnHourAtMostUntilAReset() {
        assertHeld(
                answer(200, LIMIT + "tokens-remaining", "0", LIMIT + "tokens-reset", "2026-03-09T12:00:00Z"),
                Duration.ofHours(1));
    }

    @Test
    void prefersRetryAfterToTheResets() {
        assertHeld(
                answer(
                        429,
                        RETRY_AFTER,
                        "7",
                        LIMIT + "tokens-remaining",
                        "0",
                        LIMIT + "tokens-reset",
                        "2026-03-01T12:00:40Z",
                        "x-should-retry",
                        "false"),
                Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-03-01T11:59:59Z", "tomorrow", "1772366440"})
    void benchesFor15SecondsWhenTheResetIsPastOrUnreadable(String reset) {
        assertBenched(
                answer(429, LIMIT + "tokens-remaining", "0", LIMIT + "tokens-reset", reset), Duration.ofSeconds(15));
    }

    @Test
    void benchesARejectedSubscriptionUntilItsReset() {
        assertBenched(rejected(429), Duration.ofSeconds(90));
    }

    @Test
    void benchesFor15SecondsWhenTheSubscriptionIsNotWhatIsLimited() {
        var allowed = answer(429, LIMIT + "unified-status", "allowed", LIMIT + "unified-reset", "1772366490");
        assertBenched(allowed, Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 529})
    void leavesAFailureToTheBreakerWhateverRemains(int status) {
        ground.use(
                "a", answer(status, LIMIT + "tokens-remaining", "0", LIMIT + "tokens-reset", "2026-03-01T12:01:00Z"));
        ground.use("a", answer(200));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 304, 400, 404, 413, 500, 503, 529})
    void benchesNothingElse(int status) {
        ground.use(
                "a", answer(status, LIMIT + "tokens-remaining", "1", LIMIT + "tokens-reset", "2026-03-01T12:01:00Z"));
        ground.use("a", answer(status, LIMIT + "tokens-remaining", "0"));
        ground.use("a", rejected(status));
        ground.use("a", answer(status, RETRY_AFTER, "60"));
        ground.use("a", UNKNOWN);
    }

    @Test
    void neverShortensABench() {
        var long402 = ground.begin("a");
        var short429 = ground.begin("a");
        var longer429 = ground.begin("a");
        ground.ended(long402, answer(402));
        short429.ended(answer(429, "x-should-retry", "true"));
        assertThat(ground.state("a").timeLeft()).contains(Duration.ofMinutes(10));
        ground.seconds(60);
        longer429.ended(rejected("600"));
        assertThat(ground.state("a").cause()).contains("benched for 600 s after 429");
    }

    @Test
    void neverShortensABenchOfAModel() {
        var longer = ground.begin("a");
        var shorter = ground.begin("a");
        longer.ended(answer(429, RETRY_AFTER, "60"));
        shorter.ended(answer(429, RETRY_AFTER, "5"));
        ground.assertHeld("a", Duration.ofSeconds(60));
    }

    @Test
    void holdsALimitForTheWholeCredentialWhereTheModelIsUnknown() {
        var unknown = ground.pool()
                .candidates(PoolGround.client("ci"), Optional.empty())
                .of(true, true, Optional.empty());
        PoolGround.begin(unknown, "a").ended(answer(429, RETRY_AFTER, "60"));
        ground.assertBenched("a", Duration.ofSeconds(60));
    }

    @Test
    void keeps64ModelsOfWhichTheSoonestToEndGivesWay() {
        for (int i = 0; i < 64; i++) {
            PoolGround.begin(about("m" + i), "a").ended(answer(429, RETRY_AFTER, Integer.toString(100 + i)));
        }
        PoolGround.begin(about("last"), "a").ended(answer(429, RETRY_AFTER, "300"));
        assertThat(ground.state("a").heldModels())
                .extracting(CredentialState.HeldModel::model)
                .hasSize(64)
                .contains("last", "m1")
                .doesNotContain("m0");
        PoolGround.begin(about("m0"), "a").ended(answer(200));
    }

    @Test
    void showsNoControlCharacterOfAModelsName() {
        PoolGround.begin(about("a\nb\u001b" + "x".repeat(300)), "a").ended(answer(429, RETRY_AFTER, "9"));
        assertThat(ground.state("a").heldModels().get(0).model())
                .startsWith("a\\u000ab\\u001bx")
                .hasSizeLessThan(300);
    }

    @ParameterizedTest
    @CsvSource({
        "200, b", "201, b", "400, b", "404, b", "422, b", "304, a", "401, a", "402, a", "403, a", "429, a", "500, a"
    })
    void isProvenByWhatIsNoFailure(int status, String next) {
        var request = ground.request();
        PoolGround.begin(request, "a").ended(answer(403));
        PoolGround.begin(request, "b").ended(answer(status));
        request.over();
        ground.use(next, answer(200));
    }

    @Test
    void isProvenByNothingThatComesAfterTheRequestIsOver() {
        var request = ground.request();
        PoolGround.begin(request, "a").ended(answer(403));
        var late = PoolGround.begin(request, "b");
        request.over();
        late.ended(answer(200));
        ground.use("a", answer(200));
    }

    @Test
    void isNotTouchedByRequestsThatAreNotJudged() {
        for (var outcome : List.of(answer(401), answer(403), answer(429, RETRY_AFTER, "60"), PoolGround.UNREACHABLE)) {
            var request = ground.pool().candidates(PoolGround.client("ci"), Optional.empty());
            PoolGround.begin(request, "a").ended(outcome);
            PoolGround.begin(request, "b").ended(answer(200));
            ground.use("a", answer(200));
        }
    }

    @Test
    void neverEndsABenchForAGoodAnswerThatWasUnderWay() {
        var underWay = ground.begin("a");
        ground.use("a", answer(401));
        underWay.ended(answer(200));
        assertThat(ground.state("a").usable()).isFalse();
    }

    private void assertBenched(Outcome outcome, Duration time) {
        ground.use("a", outcome);
        ground.use("b", answer(200));
        ground.assertBenched("a", time);
    }

    private void assertHeld(Outcome outcome, Duration time) {
        ground.use("a", outcome);
        ground.use("b", answer(200));
        ground.assertHeld("a", time);
    }

    private Candidates about(String model) {
        return ground.pool()
                .candidates(PoolGround.client("ci"), Optional.empty())
                .of(true, true, Optional.of(model));
    }

    private static Outcome rejected(String retryAfter) {
        return answer(429, RETRY_AFTER, retryAfter, LIMIT + "unified-status", "rejected");
    }

    private static Outcome rejected(int status) {
        long reset = PoolGround.START.getEpochSecond() + 90;
        return answer(status, LIMIT + "unified-status", "rejected", LIMIT + "unified-reset", Long.toString(reset));
    }
}
