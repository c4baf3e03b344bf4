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
            String checked = SecretRule.ANY.apply(text);
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
}
