package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RunningClockTest {
    private static final long QUARTER = Duration.ofMillis(250).toNanos();

    private final AtomicLong real = new AtomicLong(7);
    private final RunningClock clock = new RunningClock(real::get);

    @Test
    void goesOnAsTheOtherOneWhileItIsLookedAt() {
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
    void countsHalfASecondOfAStop() {
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
    void neverGoesBack() {
        var overtaking = new AtomicReference<Runnable>(() -> {});
        var other = new RunningClock(() -> {
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
    void isNotEarlierThanTheLastLook() {
        var overtaking = new AtomicReference<Runnable>(() -> {});
        var other = new RunningClock(() -> {
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
