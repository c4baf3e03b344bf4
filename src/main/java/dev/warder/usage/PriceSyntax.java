package dev.warder.usage;

import dev.warder.config.InvalidValueException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/** How the values of price rows are written. */
public final class PriceSyntax {
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,6}(?:\\.[0-9]{1,9})?");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern GEO = Pattern.compile("[a-z][a-z0-9_-]{0,31}");

    private PriceSyntax() {}

    public static Instant moment(String text) throws InvalidValueException {
        try {
            return DATE.matcher(text).matches()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw new InvalidValueException(
                    "must be a date such as 2026-10-07, for midnight UTC, or a time such as 2026-10-07T12:00:00Z");
        }
    }

    public static String geo(String text) throws InvalidValueException {
        if (!GEO.matcher(text).matches()) {
            throw new InvalidValueException("must be the name of a place in lower case, such as us");
        }
        return text;
    }

    static BigDecimal price(String text) throws InvalidValueException {
        return decimal(text, "must be a decimal in a string, such as \"0.25\", below one million");
    }

    static BigDecimal factor(String text) throws InvalidValueException {
        String reason = "the factor must be a decimal above 0 and below one million, such as 0.76";
        BigDecimal factor = decimal(text, reason);
        if (factor.signum() == 0) {
            throw new InvalidValueException(reason);
        }
        return factor;
    }

    private static BigDecimal decimal(String text, String reason) throws InvalidValueException {
        if (!DECIMAL.matcher(text).matches()) {
            throw new InvalidValueException(reason);
        }
        return new BigDecimal(text);
    }
}
