package dev.warder.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How values are written. The reasons of a refusal name what was expected and never repeat what was found. */
public final class ValueSyntax {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Pattern LONG_DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})([kmg]?)");
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3})%");
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,7}");
    private static final Pattern FIELD_NAME = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]{1,64}");
    private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,256}");
    private static final Duration LONGEST = Duration.ofHours(24);

    private ValueSyntax() {}

    /**
     * Makes a value of a setting's text.
     *
     * @param <T> the value
     */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(String text) throws InvalidValueException;
    }

    public static boolean flag(String text) throws InvalidValueException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidValueException("must be true or false");
        };
    }

    /**
     * One of these, by its name in lower case.
     *
     * @param choices at least two, in the order in which the reason of a refusal lists them
     */
    public static <E extends Enum<E>> Parser<E> oneOf(List<E> choices) {
        return text -> choices.stream()
                .filter(each -> word(each).equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("must be " + listed(choices)));
    }

    private static String listed(List<? extends Enum<?>> choices) {
        int last = choices.size() - 1;
        String first = choices.subList(0, last).stream().map(ValueSyntax::word).collect(Collectors.joining(", "));
        return first + " or " + word(choices.get(last));
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The values of a list, of which blank ones are left out.
     *
     * @param unit the word for one of them in the reason of a refusal, which names all that are wrong by number
     */
    public static <T> List<T> all(String unit, String[] texts, Parser<T> parser) throws InvalidValueException {
        var values = new ArrayList<T>();
        var problems = new ArrayList<String>();
        for (int i = 0; i < texts.length; i++) {
            try {
                if (!texts[i].isBlank()) {
                    values.add(parser.parse(texts[i]));
                }
            } catch (InvalidValueException refused) {
                problems.add(unit + " " + (i + 1) + ": " + refused.reason());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidValueException(String.join("; ", problems));
        }
        return values;
    }

    /** A duration of more than nothing and at most a day. */
    public static Duration duration(String text) throws InvalidValueException {
        Duration duration = durationOrZero(text);
        if (duration.isZero()) {
            throw new InvalidValueException("must be longer than 0s");
        }
        return duration;
    }

    /** A duration of at most a day. */
    public static Duration durationOrZero(String text) throws InvalidValueException {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValueException("must be a duration such as 500ms, 30s, 5m or 1h");
        }
        Duration duration = duration(matcher);
        if (duration.compareTo(LONGEST) > 0) {
            throw new InvalidValueException("must be at most 24h");
        }
        return duration;
    }

    /** A duration between these, inclusive, which may be given in days: whole numbers of days both. */
    public static Duration longDuration(String text, Duration least, Duration most) throws InvalidValueException {
        Matcher matcher = LONG_DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValueException("must be a duration such as 400d or 48h");
        }
        Duration duration = duration(matcher);
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw new InvalidValueException(
                    "must be at least " + least.toDays() + "d and at most " + most.toDays() + "d");
        }
        return duration;
    }

    private static Duration duration(Matcher matcher) {
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** Bytes; a percentage is one of {@code maxMemory} bytes. */
    public static long size(String text, long maxMemory, long least) throws InvalidValueException {
        Optional<Long> part = part(text, maxMemory);
        long size = part.isPresent()
                ? part.get()
                : bytes(text, "must be a size such as 65536, 512k, 32m, 1g, or as a part of the heap 30%");
        if (size < least) {
            throw new InvalidValueException("must be at least " + least + " bytes");
        }
        return size;
    }

    /**
     * Bytes, 1 at least; a percentage is one of {@code whole} bytes, more than the whole counts as the whole.
     *
     * @param ofWhole the setting of the whole, which the reason of a refusal names
     */
    public static long sizeOrPart(String text, long whole, Setting ofWhole) throws InvalidValueException {
        Optional<Long> part = part(text, whole);
        long size = part.isPresent()
                ? part.get()
                : bytes(text, "must be a size such as 64m, or from 1% to 100% as a part of " + ofWhole.publicName());
        if (size < 1) {
            throw new InvalidValueException("must be more than nothing");
        }
        return Math.min(size, whole);
    }

    /**
     * A number from 1; a percentage from 1 is one of {@code whole}, at least 1; more than the whole is the whole.
     *
     * @param ofWhole the setting of the whole, which the reason of a refusal names
     */
    public static int countOrPart(String text, int whole, Setting ofWhole) throws InvalidValueException {
        if (!PERCENT.matcher(text).matches() && !COUNT.matcher(text).matches()) {
            throw new InvalidValueException(
                    "must be a number from 1 to 9999999, or from 1% to 100% as a part of " + ofWhole.publicName());
        }
        Optional<Long> part = part(text, whole);
        if (part.isEmpty()) {
            return Math.min(count(text), whole);
        }
        if (Integer.parseInt(text.substring(0, text.length() - 1)) == 0) {
            throw new InvalidValueException("must be more than nothing");
        }
        return (int) Math.max(1, part.get());
    }

    private static Optional<Long> part(String text, long whole) {
        Matcher percent = PERCENT.matcher(text);
        if (!percent.matches() || Integer.parseInt(percent.group(1)) > 100) {
            return Optional.empty();
        }
        long hundredths = Integer.parseInt(percent.group(1));
        return Optional.of(whole / 100 * hundredths + whole % 100 * hundredths / 100);
    }

    private static long bytes(String text, String expected) throws InvalidValueException {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new InvalidValueException(expected);
        }
        int shift =
                switch (size.group(2)) {
                    case "k" -> 10;
                    case "m" -> 20;
                    case "g" -> 30;
                    default -> 0;
                };
        long amount = Long.parseLong(size.group(1));
        if (amount > Long.MAX_VALUE >> shift) {
            throw new InvalidValueException("is too large");
        }
        return amount << shift;
    }

    /** A whole number from 1. */
    public static int count(String text) throws InvalidValueException {
        if (!COUNT.matcher(text).matches() || Integer.parseInt(text) < 1) {
            throw new InvalidValueException("must be a number from 1 to 9999999");
        }
        return Integer.parseInt(text);
    }

    public static List<ModelPattern> modelPatterns(String text) throws InvalidValueException {
        List<ModelPattern> patterns = new ArrayList<>();
        for (String part : text.split(",")) {
            if (!part.isBlank()) {
                patterns.add(ModelPattern.nameOrPrefix(part.strip())
                        .orElseThrow(() -> new InvalidValueException("may have * only at the end of a name")));
            }
        }
        return patterns;
    }

    public static String visible(String text) throws InvalidValueException {
        if (!VISIBLE.matcher(text).matches()) {
            throw new InvalidValueException("must be visible ASCII characters without blanks");
        }
        return text;
    }

    /** A field name (RFC 9110, section 5.1) that has no other meaning. */
    public static String ownFieldName(String text, List<String> taken, List<String> takenPrefixes)
            throws InvalidValueException {
        if (!FIELD_NAME.matcher(text).matches()) {
            throw new InvalidValueException("must be a field name: letters, digits and -");
        }
        if (taken.stream().anyMatch(text::equalsIgnoreCase)
                || takenPrefixes.stream().anyMatch(prefix -> startsIgnoringCase(text, prefix))) {
            throw new InvalidValueException("is a field with a meaning of its own; choose another name");
        }
        return text;
    }

    private static boolean startsIgnoringCase(String text, String prefix) {
        return text.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    public static Path path(String text) throws InvalidValueException {
        if (text.startsWith("file:")) {
            throw new InvalidValueException("takes a plain path, without file:");
        }
        return pathOf(text);
    }

    public static Optional<Path> filePath(String text) throws InvalidValueException {
        String scheme = "file:";
        return text.startsWith(scheme)
                ? Optional.of(pathOf(text.substring(scheme.length()).strip()))
                : Optional.empty();
    }

    public static Path pathOf(String text) throws InvalidValueException {
        if (text.contains("${")) {
            throw InvalidValueException.placeholder();
        }
        try {
            return Path.of(text).toAbsolutePath();
        } catch (InvalidPathException malformed) {
            throw new InvalidValueException("is not a path");
        }
    }
}
