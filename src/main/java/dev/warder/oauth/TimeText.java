package dev.warder.oauth;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as text for operators. Thread-safe. */
public final class TimeText {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private TimeText() {}

    /** A point in time to the second, for example {@code 2026-11-21 10:15:30 UTC}. */
    public static String of(Instant time) {
        return SECONDS.format(time);
    }

    /** A point in time and how far it is from {@code now}: {@code … (in 2 h 5 min)} or {@code … (2 h 5 min ago)}. */
    public static String around(Instant time, Instant now) {
        var distance = Duration.between(now, time);
        return of(time)
                + (distance.isNegative() ? " (" + of(distance.negated()) + " ago)" : " (in " + of(distance) + ")");
    }

    /** The two largest units of a duration: {@code 3 d 4 h}, {@code 2 h 5 min}, {@code 4 min 10 s}, {@code 7 s}. */
    public static String of(Duration duration) {
        if (duration.toDays() > 0) {
            return two(duration.toDays(), " d", duration.toHoursPart(), " h");
        }
        if (duration.toHours() > 0) {
            return two(duration.toHours(), " h", duration.toMinutesPart(), " min");
        }
        return duration.toMinutes() > 0
                ? two(duration.toMinutes(), " min", duration.toSecondsPart(), " s")
                : duration.toSeconds() + " s";
    }

    private static String two(long large, String unit, int small, String smallUnit) {
        return small == 0 ? large + unit : large + unit + " " + small + smallUnit;
    }
}
