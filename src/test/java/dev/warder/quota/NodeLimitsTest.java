package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Budget;
import dev.warder.quota.Limit.Need;
import dev.warder.quota.LimitStore.Refill;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Limits of a node that shares them with no other. */
class NodeLimitsTest {
    private static final String MODEL = "claude-haiku-4-5";

    private final AtomicLong nanoTime = new AtomicLong(-5);
    private final Sharing sharing = new Sharing(false);
    private final NodeLimits limits = new NodeLimits(new Sharing(true), nanoTime::get);
    private final Need request = need("ada", Limit.Kind.REQUESTS, 60, 1);

    @Test
    void aRetryAtTheStatedTimeSucceeds() {
        limits.end(admitted(need("ada", Limit.Kind.INPUT_TOKENS, 7000, 6999)), any -> 6999);
        var large = need("ada", Limit.Kind.INPUT_TOKENS, 7000, 5003);
        nanoTime.addAndGet(exhausted(large).nanos());
        admitted(large);
    }

    @Test
    void takesOfAllLimitsOrOfNone() {
        var team = SampleNeeds.of(SampleNeeds.key(Budget.Scope.TEAM, "blue", Limit.Kind.REQUESTS), 2, 1);
        admitted(request, team);
        admitted(request, team);
        assertThat(exhausted(request, team).key().owner().scope()).isEqualTo(Budget.Scope.TEAM);
        use(58, request);
        exhausted(request);
    }

    /** Most of it is given back when the upstream has counted that prompt. */
    @Test
    void aRetrySucceedsSoonWhereAPromptIsNotCountedYet() {
        var large = need("ada", Limit.Kind.INPUT_TOKENS, 1000, 900);
        var hold = admitted(large);
        assertThat(exhausted(large).nanos()).isEqualTo(2_000_000_000);
        limits.change(hold, MODEL, kind -> kind == Limit.Kind.INPUT_TOKENS ? 800 : -1);
        assertThat(exhausted(large).nanos()).as("700 of 1000").isEqualTo(42_000_000_000L);
        limits.end(hold, any -> 700);
        assertThat(exhausted(large).nanos()).as("600 of 1000").isEqualTo(36_000_000_000L);
    }

    @Test
    void nothingIsGivenBackTwice() {
        var slot = need("ada", Limit.Kind.CONCURRENT, 1, 1);
        var hold = admitted(slot);
        limits.end(hold, none -> 0);
        limits.giveBack(hold);
        limits.end(hold, none -> 0);
        admitted(slot);
        exhausted(slot);
    }

    @Test
    void aLowerLimitHoldsAtOnceAndAHigherOneIsFilled() {
        use(10, request);
        var lower = need("ada", Limit.Kind.REQUESTS, 6, 1);
        use(6, lower);
        exhausted(lower);
        var higher = need("ada", Limit.Kind.REQUESTS, 600, 1);
        exhausted(higher);
        nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(1));
        use(10, higher);
        exhausted(higher);
    }

    /** Its body came for hours, while the policy was changed. */
    @Test
    void aRequestOfAnOlderPolicyDoesNotChangeTheSize() {
        var key = SampleNeeds.key(Budget.Scope.ORGANIZATION, "", Limit.Kind.REQUESTS);
        var large = new Need(key, 2, 600, 1, model -> true);
        var small = new Need(key, 1, 10, 1, model -> true);
        admitted(large);
        admitted(small);
        use(598, large);
        exhausted(large);
        exhausted(small);
    }

    @Test
    void forgetsLimitsThatAreFullAndOfNoRequest() {
        var running = admitted(need("ann", Limit.Kind.OUTPUT_TOKENS, 100, 1));
        for (int i = 0; i < 1000; i++) {
            limits.end(admitted(need("c" + i, Limit.Kind.REQUESTS, 60, 1)), none -> 0);
        }
        limits.end(admitted(need("debtor", Limit.Kind.OUTPUT_TOKENS, 60, 1)), output -> 600);
        nanoTime.addAndGet(TimeUnit.MINUTES.toNanos(3));
        admitted(request);
        assertThat(limits.size()).as("of the request, ann's and the debtor's").isEqualTo(3);
        exhausted(need("debtor", Limit.Kind.OUTPUT_TOKENS, 60, 1));
        limits.end(running, output -> 150);
        exhausted(need("ann", Limit.Kind.OUTPUT_TOKENS, 100, 1));
    }

    /** An advisor's tokens are those of its own model. */
    @Test
    void aLimitOfAModelCountsThatModelOnly() {
        var key = SampleNeeds.key(Budget.Scope.MODEL, "claude-opus-*", Limit.Kind.OUTPUT_TOKENS);
        var ofOpus = new Need(key, 1, 1000, 250, model -> model.startsWith("claude-opus-"));
        var hold = admitted(ofOpus, need("ada", Limit.Kind.OUTPUT_TOKENS, 1000, 250));
        limits.change(hold, MODEL, kind -> kind == Limit.Kind.OUTPUT_TOKENS ? 1000 : -1);
        exhausted(need("ada", Limit.Kind.OUTPUT_TOKENS, 1000, 1));
        limits.end(hold, need -> need.models().test(MODEL) ? 1000 : 600);
        admitted(SampleNeeds.of(key, 1000, 400));
        exhausted(SampleNeeds.of(key, 1000, 1));
    }

    private void use(int requests, Need each) {
        for (int i = 0; i < requests; i++) {
            admitted(each);
        }
    }

    private RateHold admitted(Need... needs) {
        var admission = limits.admit(SampleNeeds.TURN, List.of(needs));
        assertThat(admission).isInstanceOf(Admission.Admitted.class);
        return ((Admission.Admitted) admission).hold();
    }

    private Admission.Exhausted exhausted(Need... needs) {
        var admission = limits.admit(SampleNeeds.TURN, new ArrayList<>(List.of(needs)));
        assertThat(admission).isInstanceOf(Admission.Exhausted.class);
        return (Admission.Exhausted) admission;
    }

    private static Need need(String client, Limit.Kind kind, long size, long amount) {
        return SampleNeeds.of(SampleNeeds.key(Budget.Scope.CLIENT, client, kind), size, amount);
    }

    /** The database's bucket has room for a minute's amount, however much is given back. */
    @Test
    void whatIsGivenBackWhileTheDatabaseGoesAwayIsNoMoreThanAMinutesAmount() {
        int size = 6000;
        var key = SampleNeeds.key(Budget.Scope.TEAM, "blue", Limit.Kind.INPUT_TOKENS);
        var bucket = new Bucket(key, size, sharing, 0);
        for (int i = 0; i < 5; i++) {
            bucket.change(size, 0);
            bucket.refilled(new Refill(key.text(), size, 0), 0);
        }
        for (int i = 0; i < 5; i++) {
            bucket.change(-size, 0);
        }
        sharing.away = true;
        bucket.awayChanged(0);
        assertThat(bucket.has(size, 0)).isTrue();
        bucket.change(size, 0);
        assertThat(bucket.has(1, 0)).isFalse();
        assertThat(bucket.has(100, TimeUnit.SECONDS.toNanos(1))).isTrue();
    }

    /** What is waited for is taken first, and one of the others after four. */
    @Test
    void limitsAreDueOnceOfEachKind() {
        for (int i = 0; i < 3; i++) {
            sharing.changed(slots("other" + i));
        }
        for (int i = 0; i < 6; i++) {
            sharing.lacks(slots("urgent" + i));
        }
        assertThat(allThatIsDue())
                .containsExactly(
                        "urgent0", "urgent1", "urgent2", "urgent3", "other0", "urgent4", "urgent5", "other1", "other2");
        var limit = slots("a");
        sharing.changed(limit);
        sharing.changed(limit);
        sharing.lacks(limit);
        sharing.lacks(limit);
        assertThat(sharing.due()).isEqualTo(2);
        assertThat(allThatIsDue()).containsExactly("a", "a");
        assertThat(limit.due || limit.urgent).isFalse();
        sharing.changed(limit);
        assertThat(allThatIsDue()).containsExactly("a");
    }

    private List<String> allThatIsDue() {
        return Stream.generate(sharing::next)
                .takeWhile(Objects::nonNull)
                .map(limit -> limit.key().owner().name())
                .toList();
    }

    private Slots slots(String client) {
        return new Slots(SampleNeeds.key(Budget.Scope.CLIENT, client, Limit.Kind.CONCURRENT), 9, sharing, 0);
    }
}
