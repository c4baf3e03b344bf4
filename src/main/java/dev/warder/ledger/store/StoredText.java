package dev.warder.ledger.store;

/**
 * Text that every database stores. Names of models and sessions are the client's: PostgreSQL refuses a statement that has a
 * NUL or half of a surrogate pair, and all databases one that is too long.
 */
public final class StoredText {
    private static final char REPLACEMENT = '\uFFFD';

    private StoredText() {}

    /** At most {@code limit} characters of {@code text}; what no database stores is replaced. */
    public static String of(String text, int limit) {
        String cut = text.length() <= limit ? text : text.substring(0, limit);
        for (int i = 0; i < cut.length(); i++) {
            if (cut.charAt(i) == 0 || Character.isSurrogate(cut.charAt(i))) {
                return replaced(cut);
            }
        }
        return cut;
    }

    private static String replaced(String text) {
        var clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
            if (pair) {
                clean.append(c).append(text.charAt(i + 1));
                i++;
            } else {
                clean.append(c == 0 || Character.isSurrogate(c) ? REPLACEMENT : c);
            }
        }
        return clean.toString();
    }
}
