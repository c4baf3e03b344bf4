package dev.warder.auth;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The access token by which a caller was admitted, kept so that no field carries it upstream. The text form does not show it.
 *
 * @param value empty if every caller is admitted
 */
public record PresentedToken(Optional<String> value) {
    /**
     * Warder's prefix at the start of a token. Not preceded by a character of a token: tokens of the API contain {@code -} and
     * {@code _}.
     */
    private static final Pattern OWN = Pattern.compile("(?<![A-Za-z0-9_-])" + AccessToken.PREFIX);

    /** Whether a field's value contains this token, or one that Warder created: alone, after a scheme or in a list. */
    public boolean isIn(String fieldValue) {
        return value.filter(fieldValue::contains).isPresent() || holdsOwn(fieldValue);
    }

    /** Whether a field's value contains a token that Warder created, valid or not. */
    static boolean holdsOwn(String fieldValue) {
        return fieldValue.contains(AccessToken.PREFIX)
                && OWN.matcher(fieldValue).find();
    }

    @Override
    public String toString() {
        return "PresentedToken";
    }
}
