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
import java.util.regex.Pattern;

/** Numbers and times as people read them. */
public final class Shown {
    private static final int NANO_DIGITS = 9;
    private static final long KILO = 1000;
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Pattern WHOLE_NUMBER = Pattern.compile("(?<![.\\d])\\d{4,18}(?!\\d)");

    private Shown() {}

    /** All digits, in groups: {@code 12,345}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    public static String count(long number, String one, String several) {
        return count(number) + " " + (number == 1 ? one : several);
    }

    /** Three digits: {@code 12.3k}. */
    public static String shortCount(double number) {
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

    /** A text with its whole numbers in groups of digits: {@code 12,345 of 50,000}. */
    public static String grouped(String text) {
        return WHOLE_NUMBER.matcher(text).replaceAll(number -> count(Long.parseLong(number.group())));
    }

    public static String dollars(long nanos) {
        return dollars(exactDollars(nanos), RoundingMode.HALF_UP);
    }

    public static String dollarsAtLeast(long nanos) {
        return dollars(exactDollars(nanos), RoundingMode.DOWN);
    }

    /** Two decimals, and four of amounts below $1: {@code $12,345.60}. */
    public static String dollars(BigDecimal amount, RoundingMode rounding) {
        int digits = amount.signum() != 0 && amount.compareTo(BigDecimal.ONE) < 0 ? 4 : 2;
        return "$" + grouped(amount.setScale(digits, rounding).toPlainString());
    }

    public static String shortDollars(double nanos) {
        double dollars = nanos / 1e9;
        return "$" + (dollars == 0 || dollars >= 1 ? shortCount(dollars) : plain(dollars));
    }

    public static BigDecimal exactDollars(long nanos) {
        return BigDecimal.valueOf(nanos, NANO_DIGITS);
    }

    /** Two or three digits and a unit: {@code 0.7 ms}, {@code 15 ms}, {@code 2 s}. */
    public static String duration(Duration duration) {
        double millis = millis(duration);
        if (millis < KILO) {
            return plain(millis) + " ms";
        }
        return plain(millis / KILO) + " s";
    }

    /** Milliseconds. */
    public static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /** A number of milliseconds without needless digits. */
    public static String exactMillis(Duration duration) {
        return plain(millis(duration));
    }

    /** The two largest units of a long time: {@code 3 d 4 h}. */
    public static String longTime(Duration time) {
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
    public static String time(Instant time) {
        return SECONDS.format(time);
    }

    /** A time of ISO 8601 to the second; a dash for an empty text. */
    public static String time(String iso) {
        return iso.isEmpty()
                ? "-"
                : iso.replaceFirst("^(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d:\\d\\d)(\\.\\d+)?Z$", "$1 $2");
    }

    /** RFC 3339, to the second. */
    public static String exactTime(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    public static String percent(long part, long whole) {
        return whole == 0 ? "-" : Math.round(100.0 * part / whole) + " %";
    }

    /** Bytes in binary units. */
    public static String bytes(long bytes) {
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
