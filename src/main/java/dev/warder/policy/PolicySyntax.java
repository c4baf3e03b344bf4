package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelPattern;
import dev.warder.config.ValueSyntax;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How the values of a policy are written. The reasons of a refusal name what was expected and never repeat what was
 * found.
 */
public final class PolicySyntax {
    static final String UNLIMITED = "unlimited";

    private static final Set<String> RESERVED = Set.of("shared", "open");

    private static final int NANO_DIGITS = 9;
    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,9})?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final Pattern TAG = Pattern.compile("[a-z0-9][a-z0-9._:=@-]{0,63}");
    private static final Pattern EXTERNAL_ID = Pattern.compile("[^\\p{Cntrl}\\p{javaWhitespace}][^\\p{Cntrl}]{0,255}");
    private static final int LONGEST_MODEL = 128;
    private static final Set<String> ZONES = Set.copyOf(ZoneId.getAvailableZoneIds());

    private PolicySyntax() {}

    /** US dollars as a decimal, in nano-dollars. */
    public static long amount(String text) throws InvalidValueException {
        if (!AMOUNT.matcher(text).matches()) {
            throw new InvalidValueException(
                    "must be an amount of US dollars such as 250.00, with at most 9 digits before the point and 9 after it");
        }
        return new BigDecimal(text).movePointRight(NANO_DIGITS).longValueExact();
    }

    static Period period(String text) throws InvalidValueException {
        return ValueSyntax.oneOf(List.of(Period.values())).parse(text);
    }

    public static ZoneId zone(String text) throws InvalidValueException {
        if (!ZONES.contains(text)) {
            throw new InvalidValueException("must be an IANA time zone such as Europe/Berlin or UTC");
        }
        return ZoneId.of(text);
    }

    /**
     * The name of a client or a team: not the name of the shared token or of open access, which would give such a
     * client the callers that it does not list.
     */
    static String principalName(String text) throws InvalidValueException {
        if (RESERVED.contains(text.toLowerCase(Locale.ROOT))) {
            throw new InvalidValueException("must not be shared or open, which only token_names may contain");
        }
        return name(text);
    }

    public static String name(String text) throws InvalidValueException {
        if (!isName(text)) {
            throw new InvalidValueException("must be 1 to 64 letters, digits and . _ @ -, the first a letter or digit");
        }
        return text;
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches() && !text.startsWith("sk-ant-");
    }

    /** A tag. Only lower case: a tag in another spelling would silently have no budget. */
    static String tag(String text) throws InvalidValueException {
        if (!TAG.matcher(text).matches()) {
            throw new InvalidValueException(
                    "must be 1 to 64 lower-case letters, digits and . _ : = @ -, the first a letter or digit");
        }
        return text;
    }

    static String externalId(String text) throws InvalidValueException {
        if (!EXTERNAL_ID.matcher(text).matches()) {
            throw new InvalidValueException(
                    "must be 1 to 256 characters without control characters, the first not a blank");
        }
        return text;
    }

    public static ModelPattern models(String text) throws InvalidValueException {
        ValueSyntax.visible(text);
        if (text.length() > LONGEST_MODEL) {
            throw new InvalidValueException("must have at most " + LONGEST_MODEL + " characters");
        }
        return ModelPattern.nameOrPrefix(text)
                .orElseThrow(() -> new InvalidValueException("may have * only at the end of a name"));
    }
}
