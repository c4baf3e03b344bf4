package dev.warder.admin.page;

import dev.warder.config.InvalidValueException;
import dev.warder.http.PageDocument;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The range of rows of a list. Immutable.
 *
 * @param part what is searched for, as it was typed; empty for all
 * @param filter the name of a further filter, such as {@code team}; empty for none
 * @param other the value of that filter; empty for all
 * @param after what the last row before the page is called; empty for the first page
 */
public record Paging(String part, String filter, String other, String after) {
    static final int ROWS = 100;
    public static final int LONGEST_SEARCH = 64;

    /**
     * The range that a request asks for.
     *
     * @throws InvalidValueException with the reason, for the caller
     */
    static Paging of(PageRequest request, String filter) throws InvalidValueException {
        var query = request.query();
        String part = query.value("find").strip();
        String cursor = query.value("page");
        var after = cursor.isEmpty() ? Optional.of("") : PageDocument.name(cursor);
        return after.filter(any -> part.length() <= LONGEST_SEARCH)
                // PostgreSQL has no text with it.
                .filter(name -> part.indexOf('\0') < 0 && name.indexOf('\0') < 0)
                .map(name -> new Paging(part, filter, query.value(filter), name))
                .orElseThrow(Paging::refusal);
    }

    static InvalidValueException refusal() {
        return new InvalidValueException(
                "find: must have at most " + LONGEST_SEARCH + " characters. page: must be that of a link.");
    }

    public boolean isAll() {
        return part.isEmpty() && other.isEmpty();
    }

    boolean finds(String... texts) {
        String lower = part.toLowerCase(Locale.ROOT);
        return Stream.of(texts).anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(lower));
    }

    /** The query of the first page. */
    public String query() {
        return "?find=" + encoded(part) + (other.isEmpty() ? "" : "&" + filter + "=" + encoded(other));
    }

    /** The query's further parameter for the page after the row of this name. */
    public static String page(String last) {
        return "&page=" + PageDocument.after(last);
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
