package dev.warder.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.json.MemoryBudget.Permit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    private final MemoryBudget budget = new MemoryBudget(64 * MIB);
    private final List<String> granted = new ArrayList<>();

    private Permit request(String name, long bytes) {
        return budget.request(bytes, () -> granted.add(name));
    }

    @Test
    void grantsAtOnceOnTheCallingThreadWhileThereIsRoom() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Permit permit = budget.request(10, () -> thread.set(Thread.currentThread()));
        assertThat(thread).hasValue(Thread.currentThread());
        assertThat(budget.used()).isEqualTo(10);
        assertThat(budget.total()).isEqualTo(64 * MIB);
        permit.release();
        permit.release();
        assertThat(budget.used()).isZero();
    }

    @Test
    void capsARequestForMoreThanTheWhole() {
        Permit all = request("all", 1000 * MIB);
        assertThat(granted).containsExactly("all");
        assertThat(all.bytes()).isEqualTo(64 * MIB);
        assertThat(budget.used()).isEqualTo(64 * MIB);
        request("next", 1);
        assertThat(budget.waiting()).isOne();
        all.release();
        assertThat(granted).containsExactly("all", "next");
    }

    @Test
    void withdrawsAWaitingRequestAndLetsTheNextOneIn() {
        request("held", 50 * MIB);
        Permit tooLarge = request("too large", 20 * MIB);
        request("fits", 5 * MIB);
        assertThat(granted).containsExactly("held");
        tooLarge.release();
        assertThat(granted).containsExactly("held", "fits");
        tooLarge.release();
        assertThat(budget.used()).isEqualTo(55 * MIB);
    }

    @Test
    void givesWhatAGrantDoesNotNeedToTheNextOne() {
        Permit all = request("all", 64 * MIB);
        request("large", 50 * MIB);
        request("small", KIB);
        all.keep(MIB);
        assertThat(granted).containsExactly("all", "small", "large");
        assertThat(all.bytes()).isEqualTo(MIB);
        assertThat(budget.used()).isEqualTo(51 * MIB + KIB);
        all.release();
        assertThat(budget.used()).isEqualTo(50 * MIB + KIB);
    }

    @Test
    void countsALargeGrantOfWhichLittleIsKeptAmongTheSmall() {
        Permit all = request("all", 64 * MIB);
        all.keep(KIB);
        request("nearly all", 64 * MIB - KIB);
        assertThat(granted).containsExactly("all", "nearly all");
    }

    @Test
    void keepsNoMoreThanWasGranted() {
        Permit held = request("held", 60 * MIB);
        Permit waiting = request("waiting", 60 * MIB);
        held.keep(61 * MIB);
        waiting.keep(MIB);
        assertThat(budget.used()).isEqualTo(60 * MIB);
        held.release();
        held.keep(MIB);
        assertThat(granted).containsExactly("held", "waiting");
        assertThat(budget.used()).isEqualTo(60 * MIB);
    }

    @Test
    void doesNotStartAGrantThatWasReleasedBefore() {
        Permit all = request("all", 64 * MIB);
        List<Permit> second = new ArrayList<>();
        budget.request(MIB, () -> second.forEach(Permit::release));
        second.add(request("second", MIB));
        all.release();
        assertThat(granted).containsExactly("all");
        assertThat(budget.used()).isEqualTo(MIB);
    }

    @Test
    void runsALongQueueWithoutRecursion() {
        Permit all = request("all", 64 * MIB);
        AtomicInteger done = new AtomicInteger();
        List<Permit> permits = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            int index = i;
            permits.add(budget.request(40 * MIB, () -> {
                done.incrementAndGet();
                permits.get(index).release();
            }));
        }
        all.release();
        assertThat(done).hasValue(20_000);
        assertThat(budget.used()).isZero();
    }

    @Test
    void goesOnWhenAGrantFails() throws InterruptedException {
        Permit all = request("all", 64 * MIB);
        budget.request(MIB, () -> {
            throw new IllegalStateException("on purpose");
        });
        request("next", MIB);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread releasing = new Thread(all::release);
        releasing.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
        releasing.start();
        releasing.join(TimeUnit.SECONDS.toMillis(10));
        assertThat(failure.get()).hasMessage("on purpose");
        assertThat(granted).containsExactly("all", "next");
    }

    @Test
    void takesBackAGrantThatFailsAtOnce() {
        assertThatThrownBy(() -> budget.request(MIB, () -> {
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");
        assertThat(budget.used()).isZero();
    }

    @Test
    void refusesSenselessSizes() {
        assertThatThrownBy(() -> new MemoryBudget(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> budget.request(-1, () -> {})).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neverGivesOutMoreThanThereIsToManyThreads() throws InterruptedException {
        AtomicLong inUse = new AtomicLong();
        AtomicLong most = new AtomicLong();
        AtomicInteger served = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            threads.add(new Thread(() -> {
                for (int i = 0; i < 1000; i++) {
                    long bytes = random.nextInt(3) > 0 ? 30 * MIB : 200 * KIB;
                    CountDownLatch mine = new CountDownLatch(1);
                    Permit permit = budget.request(bytes, () -> {
                        most.accumulateAndGet(inUse.addAndGet(bytes), Math::max);
                        mine.countDown();
                    });
                    if (isDown(mine)) {
                        served.incrementAndGet();
                    }
                    inUse.addAndGet(-bytes);
                    permit.release();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        }
        assertThat(served).hasValue(6000);
        assertThat(most.get()).isLessThanOrEqualTo(64 * MIB);
        assertThat(budget.used()).isZero();
        assertThat(budget.waiting()).isZero();
    }

    private static boolean isDown(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException ended) {
            return false;
        }
    }
}
