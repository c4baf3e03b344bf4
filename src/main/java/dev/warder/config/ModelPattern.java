package dev.warder.config;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The left side of an entry of {@code openai.models}: a name, a name with {@code *} at its beginning or end, or a regular
 * expression between two {@code /} that must match the whole name.
 *
 * @param exact the name, where the pattern is one
 * @param matches whether a model's name is meant; thread-safe
 */
record ModelPattern(Optional<String> exact, Predicate<String> matches) {
    static ModelPattern parse(String text) throws InvalidValueException {
        if (text.length() > 1 && text.startsWith("/") && text.endsWith("/")) {
            return regular(text.substring(1, text.length() - 1));
        }
        boolean open = text.startsWith("*");
        boolean ajar = text.endsWith("*") && text.length() > 1;
        String name = text.substring(open ? 1 : 0, text.length() - (ajar ? 1 : 0));
        if (name.contains("*")) {
            throw new InvalidValueException("may have * only at the beginning or the end of the pattern");
        }
        if (open && ajar) {
            return new ModelPattern(Optional.empty(), model -> model.contains(name));
        }
        if (open || ajar) {
            return new ModelPattern(Optional.empty(), open ? model -> model.endsWith(name) : m -> m.startsWith(name));
        }
        return new ModelPattern(Optional.of(name), name::equals);
    }

    private static ModelPattern regular(String expression) throws InvalidValueException {
        try {
            Pattern pattern = Pattern.compile(expression);
            return new ModelPattern(Optional.empty(), model -> CountedText.matches(pattern, model));
        } catch (PatternSyntaxException malformed) {
            throw new InvalidValueException("has a regular expression that cannot be read");
        }
    }
}
