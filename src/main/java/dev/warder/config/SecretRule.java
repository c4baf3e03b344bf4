package dev.warder.config;

/** The form of a secret, whether it is read at start or comes with a file that changed. */
@FunctionalInterface
public interface SecretRule {
    SecretRule ANY = text -> {};

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
