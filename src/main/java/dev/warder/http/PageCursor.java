package dev.warder.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The value of {@code page} that has the next items of a list. It has the name of the last item before it, and not a number of
 * items, so that it stays right when items are added or removed.
 */
public final class PageCursor {
    private static final String PREFIX = "page_";

    private PageCursor() {}

    public static String after(String name) {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    public static Optional<String> name(String cursor) {
        try {
            return cursor.startsWith(PREFIX)
                    ? Optional.of(new String(
                            Base64.getUrlDecoder().decode(cursor.substring(PREFIX.length())), StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
