package dev.warder.credential;

import static dev.warder.credential.PoolGround.LOST;
import static dev.warder.credential.PoolGround.TIMED_OUT;
import static dev.warder.credential.PoolGround.UNKNOWN;
import static dev.warder.credential.PoolGround.UNREACHABLE;
import static dev.warder.credential.PoolGround.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.AtOnce;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The breaker of a credential among several. */
class BreakerTest {
    private static final Outcome UNAVAILABLE =
            new Outcome.Unavailable(CredentialSource.UnavailableException.passing("the token endpoint is down"));

    private final PoolGround ground = PoolGround.ordered("a", "b");

    static Stream<Outcome> failures() {
        return Stream.of(
                answer(500), answer(502), answer(503), answer(504), answer(529), LOST, UNREACHABLE, UNAVAILABLE);
    }

    static Stream<Outcome> unproven() {
        return failures().filter(Outcome::needsProof);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void opensAfterFiveFailures(Outcome failure) {
        times(5, failure);
        ground.use("b", answer(200));
        assertThat(ground.state("a").cause()).contains("breaker open");
        assertThat(ground.state("a").timeLeft()).contains(Duration.ofSeconds(30));
    }

    @Test
    void opensForFailuresWithinTenSecondsOnly() {
        ground.use("a", LOST);
        ground.advance(Duration.ofMillis(10_001));
        times(4, LOST);
        ground.seconds(10);
        ground.use("a", LOST);
        ground.use("b", answer(200));
    }

    @Test
    void startsAgainAtZeroAfterASuccess() {
        times(4, LOST);
        ground.use("a", answer(404));
        times(4, answer(529));
        ground.use("a", answer(200));
    }

    @Test
    void countsNothingThatIsNotKnown() {
        times(4, LOST);
        times(3, UNKNOWN);
        ground.use("a", LOST);
        ground.use("b", answer(200));
    }

    @Test
    void countsNoLoginThatHasEnded() {
        var reasons = new HashMap<String, String>();
        var logins = PoolGround.ordered(PoolGround.login("a", reasons), PoolGround.key("b"));
        for (int i = 0; i < 9; i++) {
            logins.use("a", new Outcome.Unavailable(CredentialSource.UnavailableException.terminal("logged out")));
        }
        assertThat(logins.state("a").usable()).isTrue();
        reasons.put("a", "logged out");
        logins.use("b", answer(200));
    }

    @Test
    void opensAtOnceAfterATimeOut() {
        ground.use("a", TIMED_OUT);
        ground.use("b", answer(200));
        ground.assertBenched("a", Duration.ofSeconds(30));
    }

    @Test
    void letsOneProbeThroughWhoseSuccessClosesIt() {
        var probe = probe();
        ground.use("b", answer(200));
        probe.ended(answer(200));
        ground.use("a", LOST);
        ground.use("a", answer(200));
    }

    @Test
    void benchesAProbeThatIsLimitedAndClosesTheBreaker() {
        ground.ended(probe(), answer(429, "retry-after", "5"));
        ground.assertHeld("a", Duration.ofSeconds(5));
        times(4, LOST);
        ground.use("a", answer(200));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void opensAgainForAProbeThatFails(Outcome failure) {
        ground.ended(probe(), failure);
        ground.assertBenched("a", Duration.ofSeconds(30));
        var second = ground.begin("a");
        ground.ended(second, TIMED_OUT);
        ground.assertBenched("a", Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @MethodSource("unproven")
    void freesAProbeWhoseFailureIsNotProven(Outcome failure) {
        ground.use("a", TIMED_OUT);
        ground.seconds(30);
        var request = ground.request();
        PoolGround.begin(request, "a").ended(failure);
        assertThat(ground.state("a").usable()).isFalse();
        request.over();
        ground.begin("a").ended(answer(200));
    }

    @Test
    void opensForConnectionsThatCannotBeMadeWithoutProof() {
        for (int i = 0; i < 5; i++) {
            ground.begin("a").ended(UNREACHABLE);
        }
        ground.use("b", answer(200));
    }

    /** A relayed upload may last for hours, and what comes of it proves nothing. */
    @Test
    void givesNoProbeToARequestThatIsNotSentAgain() {
        ground.use("a", TIMED_OUT);
        ground.seconds(30);
        var all = ground.pool().candidates(PoolGround.client("ci"), Optional.empty());
        var relayed = PoolGround.begin(all.of(true, false, Optional.empty()), "a");
        var unjudged = PoolGround.begin(all.of(false, true, Optional.empty()), "a");
        var probe = ground.begin("a");
        assertThat(ground.state("a").usable()).isFalse();
        relayed.ended(TIMED_OUT);
        unjudged.ended(TIMED_OUT);
        probe.ended(answer(200));
        ground.use("a", answer(200));
    }

    @Test
    void freesAProbeOfWhichNothingIsKnown() {
        probe().ended(UNKNOWN);
        ground.begin("a").ended(answer(200));
    }

    @Test
    void countsTheFirstEndOfAUseOnly() {
        var use = ground.begin("a");
        for (int i = 0; i < 5; i++) {
            use.ended(LOST);
        }
        use.ended(TIMED_OUT);
        ground.use("a", answer(200));
    }

    @Test
    void takesNoProbeToSeeWhetherOneIsPossible() {
        ground.use("a", TIMED_OUT);
        ground.seconds(30);
        var request = ground.request();
        assertThat(request.hasNext()).isTrue();
        assertThat(request.hasNext()).isTrue();
        assertThat(ground.state("a").usable()).isTrue();
        PoolGround.begin(request, "a").ended(answer(200));
    }

    @Test
    void tellsOthersNotToWaitForAProbe() {
        probe();
        var other = ground.request();
        PoolGround.begin(other, "b");
        assertThat(other.hasNext()).isFalse();
        assertThat(other.next()).isEmpty();
        assertThat(ground.state("a").cause()).contains("breaker open");
    }

    @Test
    void hearsNothingFromRequestsThatBeganBeforeItLastChanged() {
        var hanging = List.of(ground.begin("a"), ground.begin("a"), ground.begin("a"));
        ground.ended(hanging.get(0), TIMED_OUT);
        ground.seconds(20);
        ground.ended(hanging.get(1), TIMED_OUT);
        ground.seconds(10);
        ground.use("a", answer(200));
        ground.ended(hanging.get(2), TIMED_OUT);
        ground.use("a", answer(200));
    }

    @Test
    void isNotClosedByWhatWasUnderWayWhenItOpened() {
        var underWay = ground.begin("a");
        ground.use("a", TIMED_OUT);
        underWay.ended(answer(200));
        ground.use("b", answer(200));
    }

    @Test
    void letsOneProbeThroughWhenManyThreadsAsk() throws Exception {
        ground.use("a", TIMED_OUT);
        ground.seconds(30);
        for (int round = 0; round < 200; round++) {
            var probes = AtOnce.run(16, thread -> ground.request().next().orElseThrow()).stream()
                    .filter(use -> use.source().name().equals("a"))
                    .toList();
            assertThat(probes).hasSize(1);
            probes.get(0).ended(UNKNOWN);
        }
    }

    private Candidates.Use probe() {
        ground.use("a", TIMED_OUT);
        ground.seconds(30);
        return ground.begin("a");
    }

    private void times(int count, Outcome outcome) {
        for (int i = 0; i < count; i++) {
            ground.use("a", outcome);
        }
    }
}
