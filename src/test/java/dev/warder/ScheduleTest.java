package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Sources;
import java.time.Duration;
import java.util.ServiceConfigurationError;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Periodic tasks, how often they run, and the clock that stands still with the machine. */
class ScheduleTest {
    /** Of the 5 s that operators may rely on, the rest is for a file, a database and a busy machine. */
    private static final Duration LONGEST = Duration.ofMillis(2500);

    private static final Duration LONGEST_OF_ANOTHER_NODE = Duration.ofSeconds(4);
    private static final long QUARTER = Duration.ofMillis(250).toNanos();

    private final AtomicLong real = new AtomicLong(7);
    private final ExchangeModules.RunningClock clock = new ExchangeModules.RunningClock(real::get);

    @Test
    void checksTheDatabaseWhileALookAtVersionsHangs() throws Exception {
        var schedule = new Schedule();
        var hangs = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        var checked = new CountDownLatch(1);
        try {
            schedule.versions.nowAndEvery(1, () -> {
                hangs.countDown();
                await(goesOn);
            });
            assertThat(hangs.await(20, TimeUnit.SECONDS)).isTrue();
            schedule.database.nowAndEvery(1, checked::countDown);
            assertThat(checked.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            goesOn.countDown();
            schedule.close();
            schedule.awaitEnd();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            // Longer than the test waits for the check.
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void runsATaskAgainThatFailedByAnError() throws Exception {
        var runs = new CountDownLatch(2);
        try (var tasks = new Schedule.PeriodicTasks("test")) {
            tasks.every(1, () -> {
                runs.countDown();
                throw new ServiceConfigurationError("an error of the test");
            });
            assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void looksAtFilesAndAtRequestsOftenEnoughToEndTheAccessOfAClientIn5Seconds() {
        long sweep = Schedule.sweepMillis(new Sources().read().proxy());
        assertThat(Duration.ofMillis(AccessModules.FILES_MILLIS + sweep)).isLessThanOrEqualTo(LONGEST);
    }

    /** One node stores a version that it has read, another one reads it. */
    @Test
    void looksAtTheVersionsOfOtherNodesOftenEnough() {
        assertThat(Duration.ofMillis(AccessModules.FILES_MILLIS + 2 * AccessModules.VERSIONS_MILLIS))
                .isLessThanOrEqualTo(LONGEST_OF_ANOTHER_NODE);
    }

    @Test
    void theClockGoesOnAsTheOtherOneWhileItIsLookedAt() {
        long begin = clock.getAsLong();
        for (int i = 1; i <= 1000; i++) {
            real.addAndGet(QUARTER);
            assertThat(clock.getAsLong() - begin).isEqualTo(i * QUARTER);
            clock.look();
            assertThat(clock.getAsLong() - begin).isEqualTo(i * QUARTER);
        }
    }

    /** The first look shows it; the time before and after that look is the same. */
    @Test
    void theClockCountsHalfASecondOfAStop() {
        long begin = clock.getAsLong();
        real.addAndGet(Duration.ofHours(9).toNanos());
        assertThat(clock.getAsLong() - begin).isEqualTo(2 * QUARTER);
        clock.look();
        assertThat(clock.getAsLong() - begin).isEqualTo(2 * QUARTER);
        real.addAndGet(QUARTER);
        assertThat(clock.getAsLong() - begin).isEqualTo(3 * QUARTER);
    }

    /** Also for a thread that is overtaken by a look, and by another thread, while it asks for the real time. */
    @Test
    void theClockNeverGoesBack() {
        var overtaking = new AtomicReference<Runnable>(() -> {});
        var other = new ExchangeModules.RunningClock(() -> {
            overtaking.getAndSet(() -> {}).run();
            return real.get();
        });
        var meanwhile = new AtomicLong(other.getAsLong());
        for (int i = 0; i < 10; i++) {
            overtaking.set(() -> {
                real.addAndGet(100 * QUARTER);
                other.look();
                real.addAndGet(QUARTER);
                long later = other.getAsLong();
                assertThat(later).isGreaterThan(meanwhile.get());
                meanwhile.set(later);
            });
            assertThat(other.getAsLong()).isGreaterThanOrEqualTo(meanwhile.get());
        }
    }

    /** A thread that was stopped after it had asked for the real time finds a later look. */
    @Test
    void theClockIsNotEarlierThanTheLastLook() {
        var overtaking = new AtomicReference<Runnable>(() -> {});
        var other = new ExchangeModules.RunningClock(() -> {
            long now = real.get();
            overtaking.getAndSet(() -> {}).run();
            return now;
        });
        var looked = new AtomicLong();
        overtaking.set(() -> {
            real.addAndGet(100 * QUARTER);
            other.look();
            looked.set(other.getAsLong());
        });
        assertThat(other.getAsLong()).isEqualTo(looked.get());
    }
}
