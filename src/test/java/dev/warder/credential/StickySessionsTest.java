package dev.warder.credential;

import static dev.warder.credential.PoolGround.answer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests of one session use one credential. */
class StickySessionsTest {
    private static final Outcome OK = answer(200);
    private static final Outcome LIMITED = answer(429, "retry-after", "10");

    @Test
    void theNameInABodyCountsBeforeThatOfAFieldUnlessItIsUnusable() {
        var ground = PoolGround.weighted("a1", "b1");
        ground.use("one", "a", OK);
        ground.use("two", "b", OK);
        for (int i = 0; i < 3; i++) {
            PoolGround.begin(ground.request("one").inSession(Optional.of("two")), "b")
                    .ended(OK);
            PoolGround.begin(ground.request("one").inSession(Optional.of("not a name")), "a")
                    .ended(OK);
            PoolGround.begin(ground.request("two").inSession(Optional.empty()), "b")
                    .ended(OK);
        }
    }

    @Test
    void staysWhereItWasMovedToAlsoAfterTheFirstRecovers() {
        var ground = PoolGround.ordered("a", "b");
        ground.use("one", "a", OK);
        var request = ground.request("one");
        PoolGround.begin(request, "a").ended(LIMITED);
        PoolGround.begin(request, "b").ended(OK);
        ground.seconds(10);
        ground.use("one", "b", OK);
        ground.use("a", OK);
    }

    @Test
    void isNotMovedByAnAnswerThatFails() {
        var ground = PoolGround.ordered("a", "b");
        ground.use("one", "a", OK);
        var request = ground.request("one");
        PoolGround.begin(request, "a").ended(LIMITED);
        PoolGround.begin(request, "b").ended(answer(500));
        ground.seconds(10);
        ground.use("one", "a", OK);
    }

    @Test
    void movesFromWhatIsOutOfUse() {
        var reasons = new HashMap<String, String>();
        var ground = PoolGround.ordered(PoolGround.login("a", reasons), PoolGround.key("b"));
        ground.use("one", "a", OK);
        reasons.put("a", "logged out");
        ground.use("one", "b", OK);
        reasons.clear();
        ground.use("one", "b", OK);
    }

    @Test
    void isNotMovedBackByAnAnswerThatComesLate() {
        var ground = PoolGround.ordered("a", "b");
        ground.use("one", "a", OK);
        var slow = PoolGround.begin(ground.request("one"), "a");
        ground.use("one", "a", LIMITED);
        ground.use("one", "b", OK);
        slow.ended(OK);
        ground.seconds(10);
        ground.use("one", "b", OK);
    }

    @Test
    void takesOverWhereItsOtherRequestsAre() {
        var ground = PoolGround.ordered("a", "b", "c");
        ground.use("one", "a", OK);
        var slow = ground.request("one");
        var first = PoolGround.begin(slow, "a");
        var other = ground.request("one");
        PoolGround.begin(other, "a").ended(LIMITED);
        ground.begin("b").ended(LIMITED);
        PoolGround.begin(other, "c").ended(OK);
        ground.seconds(10);
        first.ended(answer(529));
        PoolGround.begin(slow, "c").ended(OK);
    }

    @Test
    void bringsTheFirstRequestsOfASessionTogether() {
        var ground = PoolGround.weighted("a1", "b1");
        PoolGround.begin(ground.request("one"), "a");
        PoolGround.begin(ground.request("one"), "a");
        ground.use("b", OK);
        PoolGround.begin(ground.request("one"), "a");
    }

    @Test
    void tellsTheSessionsOfTwoClientsApart() {
        var ground = PoolGround.weighted("a1", "b1");
        ground.use("one", "a", OK);
        var other = ground.pool().candidates("laptop", Optional.of("one"));
        PoolGround.begin(other, "b").ended(OK);
        ground.use("one", "a", OK);
    }

    @Test
    void forgetsASessionAfterAnHourWithoutARequest() {
        var ground = moved();
        ground.advance(Duration.ofMinutes(59));
        ground.use("one", "b", OK);
        ground.advance(Duration.ofMinutes(59));
        ground.use("one", "b", OK);
        ground.advance(Duration.ofHours(1));
        ground.use("one", "a", OK);
    }

    @Test
    void keepsTenThousandSessionsAndForgetsTheLongestUnused() {
        var ground = moved();
        for (int i = 0; i < 9_999; i++) {
            ground.use("s" + i, "a", OK);
        }
        ground.use("one", "b", OK);
        ground.use("s9999", "a", OK);
        ground.use("one", "b", OK);
        for (int i = 10_000; i < 20_000; i++) {
            ground.use("s" + i, "a", OK);
        }
        ground.use("one", "a", OK);
    }

    /** Whose prompt caches would get cold. */
    @Test
    void aClientWithManySessionsDisplacesNoneOfOthers() {
        var ground = PoolGround.ordered("a", "b");
        ground.use("a", LIMITED);
        PoolGround.begin(ofLaptop(ground), "b").ended(OK);
        ground.use("own", "b", OK);
        ground.seconds(10);
        for (int i = 0; i < 30_000; i++) {
            ground.use("s" + i, "a", OK);
        }
        PoolGround.begin(ofLaptop(ground), "b").ended(OK);
        ground.use("own", "a", OK);
    }

    private static Candidates ofLaptop(PoolGround ground) {
        return ground.pool().candidates("laptop", Optional.of("one")).of(true, true, Optional.of(PoolGround.MODEL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nb", "\u00e9"})
    void ignoresWhatIsNoName(String name) {
        var ground = PoolGround.weighted("a1", "b1");
        ground.use(name, "a", OK);
        ground.use(name, "b", OK);
    }

    @Test
    void ignoresNamesOfMoreThan200Characters() {
        var ground = PoolGround.weighted("a1", "b1");
        ground.use("n".repeat(200), "a", OK);
        ground.use("n".repeat(200), "a", OK);
        ground.use("n".repeat(201), "b", OK);
        ground.use("n".repeat(201), "a", OK);
    }

    /** A session that is with the second credential, and a first one that has recovered. */
    private static PoolGround moved() {
        var ground = PoolGround.ordered("a", "b");
        ground.use("a", LIMITED);
        ground.use("one", "b", OK);
        ground.seconds(10);
        return ground;
    }
}
