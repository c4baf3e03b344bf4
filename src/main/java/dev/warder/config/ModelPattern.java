package dev.warder.config;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A pattern of model names. Immutable, so thread-safe. */
public sealed interface ModelPattern {
    ModelPattern ANY = new Prefix("");

    boolean matches(String model);

    default boolean covers(ModelPattern other) {
        return equals(other) || other instanceof Exact exact && matches(exact.name());
    }

    /** {@code name}. */
    record Exact(String name) implements ModelPattern {
        @Override
        public boolean matches(String model) {
            return model.equals(name);
        }
    }

    /** {@code start*}. */
    record Prefix(String start) implements ModelPattern {
        @Override
        public boolean matches(String model) {
            return model.startsWith(start);
        }

        @Override
        public boolean covers(ModelPattern other) {
            return other instanceof Prefix prefix ? matches(prefix.start()) : ModelPattern.super.covers(other);
        }
    }

    /** {@code *end}. */
    record Suffix(String end) implements ModelPattern {
        @Override
        public boolean matches(String model) {
            return model.endsWith(end);
        }
    }

    /** {@code *part*}. */
    record Infix(String part) implements ModelPattern {
        @Override
        public boolean matches(String model) {
            return model.contains(part);
        }
    }

    /** {@code /expression/}, which must match the whole name; a name that takes too long to compare does not match. */
    record Expression(Pattern expression) implements ModelPattern {
        @Override
        public boolean matches(String model) {
            return CountedText.matches(expression, model);
        }
    }

    static Optional<ModelPattern> nameOrPrefix(String text) {
        int star = text.indexOf('*');
        if (star < 0) {
            return Optional.of(new Exact(text));
        }
        return star == text.length() - 1 ? Optional.of(new Prefix(text.substring(0, star))) : Optional.empty();
    }

    static ModelPattern parse(String text) throws InvalidValueException {
        if (text.length() > 1 && text.startsWith("/") && text.endsWith("/")) {
            return expression(text.substring(1, text.length() - 1));
        }
        boolean starts = !text.startsWith("*");
        String rest = starts ? text : text.substring(1);
        var pattern = nameOrPrefix(rest)
                .orElseThrow(
                        () -> new InvalidValueException("may have * only at the beginning or the end of the pattern"));
        if (starts) {
            return pattern;
        }
        return pattern instanceof Prefix both ? new Infix(both.start()) : new Suffix(rest);
    }

    private static ModelPattern expression(String expression) throws InvalidValueException {
        try {
            return new Expression(Pattern.compile(expression));
        } catch (PatternSyntaxException malformed) {
            throw new InvalidValueException("has a regular expression that cannot be read");
        }
    }

    /**
     * A text whose characters can be read a limited number of times, so that matching ends for an expression that backtracks
     * without end. The operator writes the expression, but any client may write the text. One thread at a time.
     */
    final class CountedText implements CharSequence {
        private static final int LOOKS = 100_000;

        private final String text;
        private int looks;

        private CountedText(String text) {
            this.text = text;
        }

        static boolean matches(Pattern pattern, String text) {
            try {
                return pattern.matcher(new CountedText(text)).matches();
            } catch (ExhaustedException givenUp) {
                return false;
            }
        }

        @Override
        public char charAt(int index) {
            looks++;
            if (looks > LOOKS) {
                throw new ExhaustedException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }

        private static final class ExhaustedException extends RuntimeException {}
    }
}
