package dev.warder.openai.messages;

import java.util.Locale;
import java.util.Optional;

/**
 * A {@code data:} URI with base64 content (RFC 2397). Its content is cut out of the text once.
 *
 * @param mediaType in lower case, without parameters
 */
public record DataUri(String mediaType, String base64) {
    private static final String SCHEME = "data:";
    private static final String MARK = ";base64";
    private static final int LONGEST_HEAD = 256;

    public static boolean isDataUri(String text) {
        return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /** Empty when the text is no such URI or has no content. */
    public static Optional<DataUri> parse(String text) {
        int comma = text.substring(0, Math.min(text.length(), LONGEST_HEAD)).indexOf(',');
        if (!isDataUri(text) || comma < 0 || comma == text.length() - 1) {
            return Optional.empty();
        }
        String head = text.substring(SCHEME.length(), comma).toLowerCase(Locale.ROOT);
        if (!head.endsWith(MARK)) {
            return Optional.empty();
        }
        String type = head.substring(0, head.length() - MARK.length())
                .split(";", 2)[0]
                .strip();
        return Optional.of(new DataUri(type, text.substring(comma + 1)));
    }
}
