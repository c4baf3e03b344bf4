package dev.warder.auth;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The access token by which a caller was admitted, kept so that no field carries it upstream. The text form does not show it.
 *
 * @param value empty if every caller is admitted
 */
public record PresentedToken(Optional<String> value) {
    static final PresentedToken NONE = new PresentedToken(Optional.empty());

    /**
     * Warder's prefix at the start of a token. Not preceded by a character of a token: tokens of the API contain {@code -} and
     * {@code _}.
     */
    private static final Pattern OWN = Pattern.compile("(?<![A-Za-z0-9_-])" + AccessToken.PREFIX);

    private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");
    private static final int HEX = 16;

    /** Whether a field's value contains this token, or one that Warder created: alone, after a scheme or in a list. */
    public boolean isIn(String fieldValue) {
        return value.isPresent() && fieldValue.contains(value.get()) || holdsOwn(fieldValue);
    }

    boolean isInAddress(String address) {
        return isIn(address) || address.indexOf('%') >= 0 && isIn(unescaped(address));
    }

    private static String unescaped(String address) {
        return ESCAPE.matcher(address)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), HEX))));
    }

    static boolean holdsOwn(String fieldValue) {
        return fieldValue.contains(AccessToken.PREFIX)
                && OWN.matcher(fieldValue).find();
    }

    @Override
    public String toString() {
        return "PresentedToken";
    }
}
