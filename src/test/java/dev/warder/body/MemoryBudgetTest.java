package dev.warder.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.MemoryBudget.Claim;
import dev.warder.body.MemoryBudget.MemoryShare;
import dev.warder.body.MemoryBudget.Transit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Bodies are served by their age and size, and never wait for each other without end. */
class MemoryBudgetTest {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final int RUNS = 400;
    private static final int BODIES = 60;

    /** Exchanges that have not moved since the first nanoseconds are slow now. */
    private static final long LATE = MemoryAdmission.GRACE + 100;

    private final MemoryBudget budget = new MemoryBudget(64 * MIB);
    private final List<String> granted = new ArrayList<>();
    private final List<String> brokenOff = new ArrayList<>();

    private Claim request(String name, long bytes) {
        Claim claim = budget.claim(MemoryShare.UNLIMITED, bytes);
        grow(name, claim, bytes);
        return claim;
    }

    /** Fills what large bodies have, and overdraws: whatever is large and comes next waits. */
    private List<Claim> fill() {
        var claims = List.of(request("full", 60 * MIB), request("over", MIB));
        granted.clear();
        return claims;
    }

    @Test
    void grantsAtOnceWithoutACallbackWhileThereIsRoom() {
        Claim claim = budget.claim(MemoryShare.UNLIMITED, 10);
        assertThat(budget.used()).isZero();
        assertThat(claim.grow(10, () -> granted.add("callback"))).isTrue();
        assertThat(claim.grow(5, () -> granted.add("callback"))).isTrue();
        assertThat(budget.used()).isEqualTo(10);
        assertThat(budget.total()).isEqualTo(64 * MIB);
        claim.release();
        claim.release();
        assertThat(budget.used()).isZero();
        assertThat(claim.grow(1, () -> granted.add("callback"))).isFalse();
        assertThat(granted).isEmpty();
    }

    @Test
    void capsAClaimForMoreThanTheWhole() {
        Claim all = request("all", 1000 * MIB);
        assertThat(granted).containsExactly("all");
        assertThat(all.held()).isEqualTo(64 * MIB);
        assertThat(budget.used()).isEqualTo(64 * MIB);
        request("next", MIB);
        assertThat(budget.waiting()).isOne();
        all.release();
        assertThat(granted).containsExactly("all", "next");
    }

    @Test
    void withdrawsAWaitingClaimAndLetsTheNextOneIn() {
        var full = fill();
        Claim first = request("first", 20 * MIB);
        request("second", 5 * MIB);
        first.release();
        first.release();
        assertThat(granted).isEmpty();
        full.get(0).release();
        assertThat(granted).containsExactly("second");
        assertThat(budget.used()).isEqualTo(6 * MIB);
    }

    @Test
    void givesWhatIsNotNeededToTheNextOne() {
        var full = fill();
        request("large", 50 * MIB);
        full.get(0).keep(MIB);
        assertThat(granted).containsExactly("large");
        assertThat(full.get(0).held()).isEqualTo(MIB);
        assertThat(budget.used()).isEqualTo(52 * MIB);
    }

    @Test
    void keepsNoMoreThanWasGranted() {
        Claim held = request("held", 50 * MIB);
        held.keep(61 * MIB);
        assertThat(budget.used()).isEqualTo(50 * MIB);
        held.release();
        held.keep(MIB);
        assertThat(budget.used()).isZero();
    }

    @Test
    void doesNotStartAGrantThatWasReleasedBefore() {
        var full = fill();
        List<Claim> second = new ArrayList<>();
        Claim first = budget.claim(MemoryShare.UNLIMITED, -1);
        assertThat(first.grow(MIB, () -> second.forEach(Claim::release))).isFalse();
        second.add(request("second", MIB));
        full.get(0).release();
        assertThat(granted).isEmpty();
        assertThat(budget.used()).isEqualTo(2 * MIB);
    }

    @Test
    void runsALongQueueWithoutRecursion() {
        var full = fill();
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 20_000; i++) {
            Claim claim = budget.claim(MemoryShare.UNLIMITED, -1);
            assertThat(claim.grow(40 * MIB, () -> {
                        done.incrementAndGet();
                        claim.release();
                    }))
                    .isFalse();
        }
        full.forEach(Claim::release);
        assertThat(done).hasValue(20_000);
        assertThat(budget.used()).isZero();
    }

    @Test
    void goesOnWhenACallbackFails() throws InterruptedException {
        var full = fill();
        budget.claim(MemoryShare.UNLIMITED, -1).grow(MIB, () -> {
            throw new IllegalStateException("on purpose");
        });
        request("next", MIB);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread releasing = new Thread(() -> full.forEach(Claim::release));
        releasing.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
        releasing.start();
        releasing.join(TimeUnit.SECONDS.toMillis(10));
        assertThat(failure.get()).hasMessage("on purpose");
        assertThat(granted).containsExactly("next");
    }

    @Test
    void servesManyThreadsThatTakeItInSteps() throws InterruptedException {
        AtomicInteger served = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            threads.add(new Thread(() -> {
                for (int i = 0; i < 1000; i++) {
                    long bytes = random.nextInt(3) > 0 ? 30 * MIB : 200 * KIB;
                    Claim claim = budget.claim(MemoryShare.UNLIMITED, bytes);
                    if (grown(claim, bytes / 2) && grown(claim, bytes)) {
                        served.incrementAndGet();
                    }
                    claim.release();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        }
        assertThat(served).hasValue(6000);
        assertThat(budget.used()).isZero();
        assertThat(budget.waiting()).isZero();
    }

    private static boolean grown(Claim claim, long bytes) {
        CountDownLatch mine = new CountDownLatch(1);
        try {
            return claim.grow(bytes, mine::countDown) || mine.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException ended) {
            return false;
        }
    }

    private Claim claim(String client, long declared) {
        return budget.claim(new MemoryShare(client, 32 * MIB), declared);
    }

    private void grow(String name, Claim claim, long bytes) {
        if (claim.grow(bytes, () -> granted.add(name))) {
            granted.add(name);
        }
    }

    @Test
    void servesTheOldestFirstWhoeverAsksFirst() {
        Claim old = budget.claim(MemoryShare.UNLIMITED, -1);
        Claim held = request("held", 60 * MIB);
        request("overdrawn", MIB);
        request("young", 30 * MIB);
        grow("old", old, 30 * MIB);
        request("youngest", MIB);
        assertThat(granted).containsExactly("held", "overdrawn");
        assertThat(budget.waiting()).isEqualTo(3);
        held.release();
        assertThat(granted).startsWith("held", "overdrawn", "old").hasSize(4);
    }

    @Test
    void letsTheOldestThatIsBlockedOverdrawAlone() {
        request("held", 60 * MIB);
        Claim first = request("first", 10 * MIB);
        Claim second = request("second", 10 * MIB);
        assertThat(granted).containsExactly("held", "first");
        grow("first again", first, 40 * MIB);
        assertThat(granted).containsExactly("held", "first", "first again");
        first.release();
        assertThat(granted).endsWith("second");
        assertThat(second.held()).isEqualTo(10 * MIB);
    }

    @Test
    void goesOnWithWhatIsOverdrawnThoughAnOlderOneWaits() {
        Claim oldest = request("oldest", 30 * MIB);
        request("held", 30 * MIB);
        Claim overdrawn = request("overdrawn", MIB);
        grow("oldest again", oldest, 40 * MIB);
        grow("overdrawn again", overdrawn, 2 * MIB);
        assertThat(granted).containsExactly("oldest", "held", "overdrawn", "overdrawn again");
        overdrawn.release();
        assertThat(granted).endsWith("oldest again");
    }

    @Test
    void letsSmallRequestsPassLargeOnes() {
        request("held", 60 * MIB);
        request("overdrawn", 30 * MIB);
        request("large", 30 * MIB);
        request("small", 256 * KIB);
        request("not small", 256 * KIB + 1);
        assertThat(granted).containsExactly("held", "overdrawn", "small");
    }

    @Test
    void keepsAShareForSmallRequestsWhenLargeOnesFillIt() {
        for (int i = 0; i < 9; i++) {
            request("large", 8 * MIB);
        }
        assertThat(budget.used()).isEqualTo(64 * MIB);
        for (int i = 0; i < 16; i++) {
            request("small", 256 * KIB);
        }
        assertThat(granted).endsWith("small").hasSize(8 + 16);
    }

    @Test
    void countsASmallBodyThatBecomesLargeAmongTheLarge() {
        Claim small = request("small", 200 * KIB);
        request("held", 58 * MIB);
        request("overdrawn", 4 * MIB);
        grow("grown", small, MIB);
        assertThat(granted).containsExactly("small", "held", "overdrawn");
    }

    @Test
    void doesNotStarveALargeRequestBehindSmallOnesThatKeepComing() {
        Deque<Claim> smalls = new ArrayDeque<>();
        for (int i = 0; i < 240; i++) {
            smalls.add(request("small", 256 * KIB));
        }
        request("overdrawn", 48 * MIB);
        request("large", 8 * MIB);
        for (int i = 0; i < 1000 && !granted.contains("large"); i++) {
            smalls.add(request("small", 256 * KIB));
            smalls.remove().release();
        }
        assertThat(granted).contains("large");
        smalls.forEach(Claim::release);
        assertThat(budget.waiting()).isZero();
    }

    @Test
    void passesOverABodyThatWaitsForItsClientsShareOnly() {
        Claim first = claim("a", -1);
        Claim second = claim("a", -1);
        Claim other = claim("b", -1);
        grow("first", first, 30 * MIB);
        grow("second", second, 3 * MIB);
        grow("other", other, 4 * MIB);
        assertThat(granted).containsExactly("first", "other");
        assertThat(budget.waiting()).isOne();
        first.keep(29 * MIB);
        assertThat(granted).containsExactly("first", "other", "second");
    }

    @Test
    void letsTheOnlyBodyOfAClientExceedItsShare() {
        Claim only = claim("a", -1);
        grow("only", only, 50 * MIB);
        grow("small", claim("a", 10), 10);
        assertThat(granted).containsExactly("only");
        only.release();
        assertThat(granted).containsExactly("only", "small");
    }

    @Test
    void letsTheOldestBodyOfAClientExceedItsShareAndNoSecondOne() {
        Claim idle = claim("a", -1);
        Claim first = claim("a", -1);
        Claim second = claim("a", -1);
        grow("first", first, 20 * MIB);
        grow("second", second, 12 * MIB);
        grow("second again", second, 20 * MIB);
        grow("first again", first, 30 * MIB);
        grow("idle", idle, MIB);
        assertThat(granted).containsExactly("first", "second", "first again");
        first.release();
        assertThat(granted).containsExactly("first", "second", "first again", "idle", "second again");
    }

    @Test
    void doesNotGiveTheOverdraftToABodyThatWaitsForItsClientsShare() {
        grow("full", claim("a", -1), 32 * MIB);
        grow("more", claim("a", -1), MIB);
        request("held", 28 * MIB);
        request("overdrawn", 10 * MIB);
        assertThat(granted).containsExactly("full", "held", "overdrawn");
    }

    @Test
    void countsWhatIsInTransitAtOnceAndReleasesItOnce() {
        Claim body = request("body", 50 * MIB);
        var transit = transit("a");
        transit.hold(20 * MIB, 0);
        assertThat(budget.used()).isEqualTo(70 * MIB);
        transit.hold(5 * MIB, 0);
        assertThat(budget.used()).isEqualTo(55 * MIB);
        transit.hold(0, 0);
        transit.hold(MIB, 0);
        transit.release();
        transit.release();
        transit.hold(MIB, 0);
        assertThat(budget.used()).isEqualTo(50 * MIB);
        assertThat(budget.breakOffSlowest(LATE)).isZero();
        body.release();
        assertThat(budget.used()).isZero();
    }

    @Test
    void grantsWhatBytesInTransitLeave() {
        var transit = transit("a");
        transit.hold(30 * MIB, 0);
        request("first", 30 * MIB);
        request("overdrawn", 10 * MIB);
        request("third", 5 * MIB);
        assertThat(granted).containsExactly("first", "overdrawn");
        transit.release();
        assertThat(granted).containsExactly("first", "overdrawn", "third");
    }

    @Test
    void breaksOffTheSlowestOfTheClientThatHoldsMost() {
        transit("quick of a", "a").hold(8 * MIB, 10);
        transit("slow of a", "a").hold(8 * MIB, 5);
        transit("slowest of a", "a").hold(8 * MIB, 4);
        transit("of b", "b").hold(20 * MIB, 1);
        assertThat(budget.breakOffSlowest(LATE)).isZero();
        request("body", 28 * MIB);
        assertThat(budget.breakOffSlowest(LATE)).isOne();
        assertThat(brokenOff).containsExactly("slowest of a");
        assertThat(budget.used()).isEqualTo(64 * MIB);
        assertThat(budget.breakOffSlowest(LATE)).isZero();
    }

    @Test
    void leavesExchangesAloneThatMove() {
        transit("moves", "a").hold(30 * MIB, LATE);
        transit("moved before", "b").hold(10 * MIB, 1);
        request("body", 60 * MIB);
        assertThat(budget.breakOffSlowest(LATE)).isZero();
        assertThat(brokenOff).isEmpty();
    }

    @Test
    void breaksOffWithoutAPauseWhereBytesInTransitNeedMoreThanAll() {
        for (int i = 0; i < 4; i++) {
            String name = "e" + i;
            budget.transit(MemoryShare.UNLIMITED, () -> brokenOff.add(name)).hold(20 * MIB, LATE + i);
        }
        assertThat(budget.breakOffSlowest(LATE)).isOne();
        assertThat(brokenOff).containsExactly("e0");
    }

    @Test
    void breaksOffWhatIsMoreThanTheShareOfItsClientEvenIfItMoves() {
        transit("one of a", "a").hold(20 * MIB, LATE - 1);
        transit("another of a", "a").hold(20 * MIB, LATE);
        assertThat(budget.breakOffSlowest(LATE)).isOne();
        assertThat(brokenOff).containsExactly("one of a");
    }

    @Test
    void breaksOffWhatIsMoreThanTheShareOfItsClient() {
        transit("one of a", "a").hold(20 * MIB, 1);
        transit("another of a", "a").hold(20 * MIB, 2);
        transit("of b", "b").hold(10 * MIB, 0);
        assertThat(budget.breakOffSlowest(LATE)).isOne();
        assertThat(brokenOff).containsExactly("one of a");
    }

    @Test
    void breaksOffForABodyOfItsClientThatWaitsForTheShare() {
        transit("of a", "a").hold(20 * MIB, 1);
        grow("first", claim("a", -1), 4 * MIB);
        grow("second", claim("a", -1), 10 * MIB);
        assertThat(granted).containsExactly("first");
        assertThat(budget.breakOffSlowest(LATE)).isOne();
        assertThat(granted).containsExactly("first", "second");
    }

    @Test
    void breaksOffForABodyOnlyIfItFitsThen() {
        transit("of a", "a").hold(10 * MIB, 1);
        Claim full = request("full", 50 * MIB);
        request("over", 30 * MIB);
        assertThat(budget.breakOffSlowest(LATE)).isOne();
        transit("of b", "b").hold(3 * MIB, 1);
        Claim waiting = request("waiting", 20 * MIB);
        assertThat(budget.breakOffSlowest(LATE)).as("a sixteenth stays").isZero();
        assertThat(budget.waiting()).isOne();
        full.release();
        waiting.release();
    }

    private Transit transit(String client) {
        return transit(client, client);
    }

    private Transit transit(String name, String client) {
        return budget.transit(new MemoryShare(client, 32 * MIB), () -> brokenOff.add(name));
    }

    @Test
    void everyBodyComesToItsEndWhateverTheOrder() {
        for (int run = 0; run < RUNS; run++) {
            long seed = run * 7919L + 13;
            new Model(seed, false).run();
        }
    }

    @Test
    void everyBodyComesToItsEndThoughEachClientHasAShareOnly() {
        for (int run = 0; run < RUNS; run++) {
            long seed = run * 104_729L + 7;
            new Model(seed, true).run();
        }
    }

    private static final class Model {
        private final long seed;
        private final Random random;
        private final long total;
        private final boolean shares;
        private final MemoryBudget budget;
        private final List<Body> bodies = new ArrayList<>();
        private long largestBound;

        Model(long seed, boolean shares) {
            this.seed = seed;
            this.random = new Random(seed);
            this.total = (1 + random.nextInt(16)) * 1024L * KIB;
            this.shares = shares;
            this.budget = new MemoryBudget(total);
        }

        void run() {
            for (int i = 0; i < BODIES; i++) {
                bodies.add(new Body());
            }
            while (!bodies.isEmpty()) {
                var movable = bodies.stream().filter(Body::canMove).toList();
                assertThat(movable).as("seed %d: all wait for each other", seed).isNotEmpty();
                movable.get(random.nextInt(movable.size())).move();
                assertThat(budget.used())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(total + Math.min(total, largestBound) + MemoryAdmission.SMALL);
            }
            assertThat(budget.used()).as("seed %d", seed).isZero();
            assertThat(budget.waiting()).as("seed %d", seed).isZero();
        }

        private final class Body {
            final String client = "client-" + random.nextInt(5);
            final long share = shares ? total / 2 : Long.MAX_VALUE;
            final long bound = random.nextInt(3) == 0
                    ? 1 + random.nextInt((int) MemoryAdmission.SMALL)
                    : 1 + (long) (random.nextDouble() * 2 * total);
            final MemoryBudget.Claim claim = budget.claim(new MemoryShare(client, share), bound);
            private long holds;
            private boolean waits;

            Body() {
                largestBound = Math.max(largestBound, bound);
            }

            boolean canMove() {
                return !waits;
            }

            void move() {
                if (holds == bound || random.nextInt(50) == 0) {
                    bodies.remove(this);
                    claim.release();
                } else if (random.nextInt(20) == 0 && holds > 1) {
                    holds = Math.max(1, holds / 2);
                    claim.keep(holds);
                } else {
                    long next = Math.min(bound, holds + 1 + random.nextInt((int) total / 4));
                    waits = true;
                    if (claim.grow(next, () -> granted(next))) {
                        granted(next);
                    }
                }
            }

            private void granted(long next) {
                waits = false;
                holds = next;
            }
        }
    }
}
