package dev.warder.admin.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Numbers and times as people read them. */
final class Shown {
    private static final int NANO_DIGITS = 9;
    private static final long NANOS_OF_CENT = 10_000_000;
    private static final long KILO = 1000;
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Shown() {}

    /** All digits, in groups: {@code 12,345}. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Three digits: {@code 12.3k}. */
    static String shortCount(double number) {
        if (number < KILO) {
            return digits(number);
        }
        double rest = number;
        for (var unit : new String[] {"k", "M", "G"}) {
            rest /= KILO;
            if (rest < KILO - 0.5) {
                return digits(rest) + unit;
            }
        }
        return digits(rest / KILO) + "T";
    }

    static String dollars(long nanos) {
        return dollars(nanos, RoundingMode.HALF_UP);
    }

    static String dollarsAtLeast(long nanos) {
        return dollars(nanos, RoundingMode.DOWN);
    }

    private static String dollars(long nanos, RoundingMode rounding) {
        int digits = nanos != 0 && nanos < 100 * NANOS_OF_CENT ? 4 : 2;
        return "$" + exactDollars(nanos).setScale(digits, rounding).toPlainString();
    }

    static String shortDollars(double nanos) {
        double dollars = nanos / 1e9;
        return "$" + (dollars == 0 || dollars >= 1 ? shortCount(dollars) : plain(dollars));
    }

    static BigDecimal exactDollars(long nanos) {
        return BigDecimal.valueOf(nanos, NANO_DIGITS);
    }

    /** Two or three digits and a unit: {@code 0.7 ms}, {@code 15 ms}, {@code 2 s}. */
    static String duration(Duration duration) {
        double millis = millis(duration);
        if (millis < KILO) {
            return plain(millis) + " ms";
        }
        return plain(millis / KILO) + " s";
    }

    /** Milliseconds. */
    static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /** A number of milliseconds without needless digits. */
    static String exactMillis(Duration duration) {
        return plain(millis(duration));
    }

    /** The two largest units of a long time: {@code 3 d 4 h}. */
    static String longTime(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : Math.max(0, time.toSeconds()) + " s";
    }

    /** A time to the second, UTC. */
    static String time(Instant time) {
        return SECONDS.format(time);
    }

    /** RFC 3339, to the second. */
    static String exactTime(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String percent(long part, long whole) {
        return whole == 0 ? "-" : Math.round(100.0 * part / whole) + " %";
    }

    /** Bytes in binary units. */
    static String bytes(long bytes) {
        double mebibytes = bytes / 1048576.0;
        return mebibytes >= 1024 ? digits(mebibytes / 1024) + " GiB" : digits(mebibytes) + " MiB";
    }

    private static String digits(double number) {
        int after = number >= 100 || number == Math.rint(number) ? 0 : number >= 10 ? 1 : 2;
        return stripped(BigDecimal.valueOf(number).setScale(after, RoundingMode.HALF_UP));
    }

    private static String plain(double number) {
        return stripped(new BigDecimal(number).round(new MathContext(3)));
    }

    private static String stripped(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
