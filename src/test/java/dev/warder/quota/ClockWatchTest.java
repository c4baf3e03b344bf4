package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.LogCapture;
import dev.warder.testkit.LogLine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a jump of the database's clock is reported. */
class ClockWatchTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration BEAT = Duration.ofSeconds(5);

    private final LogCapture log = LogCapture.start();
    private final AtomicInteger jumps = new AtomicInteger();
    private Instant timeOfDay = NOW;
    private final ClockWatch watch = new ClockWatch(() -> timeOfDay, jumps::incrementAndGet);
    private Instant database = NOW;

    /** Near its largest value, as it may be. */
    private long nanoTime = Long.MAX_VALUE - Duration.ofSeconds(7).toNanos();

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void aLeapSecondASlowCorrectionAndALongRoundTripAreNoJumps() {
        beat(BEAT, BEAT);
        beat(BEAT, BEAT.plusSeconds(1));
        beat(BEAT, BEAT.minusSeconds(1));
        for (int i = 0; i < 1000; i++) {
            beat(BEAT, BEAT.plusMillis(3));
        }
        // The database may have read its clock at any moment of a round trip.
        beat(BEAT, BEAT.plusSeconds(4), Duration.ofSeconds(4));
        beat(BEAT, BEAT);
        assertThat(jumps).hasValue(0);
        assertThat(warnings()).isEmpty();
        beat(BEAT, BEAT.plusSeconds(7), Duration.ofSeconds(4));
        assertThat(jumps).hasValue(1);
    }

    @Test
    void reportsHowFarAndInWhichDirection() {
        beat(BEAT, BEAT);
        beat(BEAT, BEAT.plusHours(1));
        assertThat(warnings())
                .containsExactly(
                        "Budgets: since the last beat the database's clock has gained 3600.0 s on this node's: it was set"
                                + " forward, or this node was suspended");
        log.clear();
        beat(BEAT, BEAT);
        assertThat(warnings()).as("once").isEmpty();
        beat(BEAT, BEAT.minusMillis(2500));
        assertThat(warnings())
                .containsExactly(
                        "Budgets: since the last beat the database's clock has lost 2.5 s against this node's: it was set"
                                + " back, or the database was suspended");
        assertThat(jumps).hasValue(2);
    }

    /** The next database may be another machine. */
    @Test
    void beatsAreNotComparedAfterOneThatFailedOrALongPause() {
        beat(BEAT, BEAT);
        beat(Duration.ofSeconds(16), BEAT);
        watch.forget();
        beat(BEAT, BEAT.plusSeconds(20));
        assertThat(jumps).hasValue(0);
        beat(BEAT, BEAT.plusSeconds(20));
        assertThat(jumps).hasValue(1);
    }

    /** At the first beat, and after the clock of this node was set. */
    @Test
    void reportsOnceThatTheClocksAreAMinuteApart() {
        timeOfDay = NOW.plusSeconds(85);
        beat(BEAT, BEAT);
        beat(BEAT, BEAT);
        watch.forget();
        beat(BEAT, BEAT);
        isApart(85);
        timeOfDay = timeOfDay.minusSeconds(35);
        beat(BEAT, BEAT);
        assertThat(warnings()).as("less than a minute").isEmpty();
        timeOfDay = timeOfDay.plusSeconds(3600);
        beat(BEAT, BEAT);
        beat(BEAT, BEAT);
        isApart(3650);
        assertThat(jumps).hasValue(0);
    }

    private void isApart(int seconds) {
        assertThat(warnings())
                .singleElement()
                .asString()
                .startsWith("Budgets: the database's clock is " + seconds + " s earlier than this node's.");
        log.clear();
    }

    /** What was reported is past. */
    @Test
    void reportsItAgainAfterTheDatabasesClockWasSetRight() {
        timeOfDay = NOW.plusSeconds(90);
        beat(BEAT, BEAT);
        beat(BEAT, BEAT.plusSeconds(90));
        log.clear();
        timeOfDay = timeOfDay.plusSeconds(3600);
        beat(BEAT, BEAT);
        isApart(3600);
    }

    private void beat(Duration passed, Duration progress) {
        beat(passed, progress, Duration.ZERO);
    }

    private void beat(Duration passed, Duration progress, Duration roundTrip) {
        nanoTime += passed.toNanos();
        timeOfDay = timeOfDay.plus(passed).plus(roundTrip);
        database = database.plus(progress);
        watch.beat(database, nanoTime, nanoTime + roundTrip.toNanos());
        nanoTime += roundTrip.toNanos();
        database = database.plus(roundTrip);
    }

    private List<String> warnings() {
        return log.lines("dev.warder.quota", Level.WARNING).stream()
                .map(LogLine::text)
                .toList();
    }
}
