package dev.warder.config;

import java.util.function.Supplier;

/**
 * A secret that the configuration refers to: non-empty, ASCII, without control characters and without blanks at its
 * ends, so that it can travel in a field. Two secrets are equal only if they are the same object, and no text of this
 * object shows the value. Thread-safe.
 */
public final class Secret {
    private final String kind;
    private final Supplier<String> value;

    Secret(String kind, Supplier<String> value) {
        this.kind = kind;
        this.value = value;
    }

    /** A secret that never changes; throws {@link IllegalArgumentException} for text that no secret can have. */
    public static Secret of(String text) {
        try {
            String checked = Rule.ANY.apply(text);
            return new Secret("value", () -> checked);
        } catch (InvalidValueException unusable) {
            throw new IllegalArgumentException("the secret " + unusable.reason());
        }
    }

    /**
     * The value as it is now; read it again for each use, since a file may have replaced it. Returns at once, except for
     * a secret that is resolved {@linkplain SettingReader#resolveForEachUse for each use}.
     */
    public String reveal() {
        return value.get();
    }

    @Override
    public String toString() {
        return "Secret[" + kind + "]";
    }

    /** The form of a secret, whether it is read at start or comes with a file that changed. */
    @FunctionalInterface
    public interface Rule {
        Rule ANY = text -> {};

        /**
         * Refuses what the setting does not accept.
         *
         * @param text ASCII without control characters, not empty
         * @throws InvalidValueException with the reason, which never repeats the text
         */
        void check(String text) throws InvalidValueException;

        /** The secret without the line break at its end; the reason of a refusal never repeats it. */
        default String apply(String raw) throws InvalidValueException {
            String text = TextFile.withoutLastBreak(raw);
            if (text.isEmpty()) {
                throw new InvalidValueException("is empty");
            }
            if (!text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                throw new InvalidValueException("has characters that are control characters or not ASCII");
            }
            if (text.startsWith(" ") || text.endsWith(" ")) {
                throw new InvalidValueException("begins or ends with a blank");
            }
            if (text.startsWith("${") && text.endsWith("}")) {
                throw InvalidValueException.placeholder();
            }
            check(text);
            return text;
        }
    }
}
