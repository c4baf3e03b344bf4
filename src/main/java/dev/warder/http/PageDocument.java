package dev.warder.http;

import jakarta.json.bind.annotation.JsonbProperty;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A page of a list. Immutable.
 *
 * @param nextPage the value of {@code page} that has the next items; empty for the last page
 * @param <T> the items: documents of fixed shape
 */
public record PageDocument<T>(
        List<T> data, @JsonbProperty(value = "next_page", nillable = true) Optional<String> nextPage) {
    private static final String PREFIX = "page_";

    public PageDocument {
        data = List.copyOf(data);
    }

    /**
     * The value of {@code page} after the item of this name. It has the name, and not a number of items, so that it stays right
     * when items are added or removed.
     */
    public static String after(String name) {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    /** The name in a value of {@code page}; empty if that is malformed. */
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
