package dev.warder.config;

/** Why a value or the content of a file cannot be used. The reason is logged, so it never repeats the value. */
public final class InvalidValueException extends Exception {
    /** The reason, which follows the name of a setting: {@code is empty}, {@code line 3: has no id}. */
    public InvalidValueException(String reason) {
        super(reason);
    }

    static InvalidValueException placeholder() {
        return new InvalidValueException("is a placeholder ${...} that the server has not replaced");
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
