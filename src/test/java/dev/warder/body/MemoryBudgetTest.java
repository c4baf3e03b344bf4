package dev.warder.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.MemoryBudget.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    private final MemoryBudget budget = new MemoryBudget(64 * MIB);
    private final List<String> granted = new ArrayList<>();

    private Claim request(String name, long bytes) {
        Claim claim = budget.claim(MemoryShare.UNLIMITED, bytes);
        if (claim.grow(bytes, () -> granted.add(name))) {
            granted.add(name);
        }
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
}
