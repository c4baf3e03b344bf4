package dev.warder.auth;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The access token that let a caller in, kept so that no field takes it upstream. The text form shows nothing of it.
 *
 * @param value empty where everybody is let in
 */
public record PresentedToken(Optional<String> value) {
    /** Warder's prefix where a token can begin, which is not inside another one: those of the API hold {@code -} and {@code _}. */
    private static final Pattern OWN = Pattern.compile("(?<![A-Za-z0-9_-])" + AccessToken.PREFIX);

    /** Whether a field's value holds this token or one of Warder's own making, alone, after a scheme or in a list. */
    public boolean isIn(String fieldValue) {
        return value.filter(fieldValue::contains).isPresent() || holdsOwn(fieldValue);
    }

    /** Whether a field's value holds a token of Warder's own making, valid or not. */
    static boolean holdsOwn(String fieldValue) {
        return fieldValue.contains(AccessToken.PREFIX)
                && OWN.matcher(fieldValue).find();
    }

    @Override
    public String toString() {
        return "PresentedToken";
    }
}
