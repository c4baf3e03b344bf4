package dev.warder.ledger.store;

import java.util.regex.Pattern;

/**
 * Text that every database stores. Names of models and sessions are the client's: PostgreSQL refuses a statement that has a
 * NUL or half of a surrogate pair, and all databases one that is too long.
 */
public final class StoredText {
    /** In a regular expression, half a pair of surrogates is one character, and a whole one is another. */
    private static final Pattern NOT_STORED = Pattern.compile("[\\x00\\p{Cs}]");

    private StoredText() {}

    /** At most {@code limit} characters of {@code text}; what no database stores is replaced. */
    public static String of(String text, int limit) {
        String cut = text.length() <= limit ? text : text.substring(0, limit);
        for (int i = 0; i < cut.length(); i++) {
            if (cut.charAt(i) == 0 || Character.isSurrogate(cut.charAt(i))) {
                return NOT_STORED.matcher(cut).replaceAll("\uFFFD");
            }
        }
        return cut;
    }
}
