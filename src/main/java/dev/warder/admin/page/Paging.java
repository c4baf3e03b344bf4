package dev.warder.admin.page;

import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.http.PageCursor;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The range of rows of a list. Immutable.
 *
 * @param part what is searched for, as it was typed; empty for all
 * @param other a further filter by its name, such as a team; empty for none
 * @param after what the last row before the page is called; empty for the first page
 */
record Paging(String part, String other, String after) {
    static final int ROWS = 100;

    static Optional<Paging> of(Form query, String filter) {
        String part = query.value("find").strip();
        String page = query.value("page");
        var after = page.isEmpty() ? Optional.of("") : PageCursor.name(page);
        return after.filter(any -> part.length() <= Sheet.LONGEST_SEARCH)
                // PostgreSQL has no text with it.
                .filter(name -> part.indexOf('\0') < 0 && name.indexOf('\0') < 0)
                .map(name -> new Paging(part, query.value(filter), name));
    }

    static PageReply refusal() {
        return new PageReply.Refused(ErrorReply.invalidRequest(
                "find: must have at most " + Sheet.LONGEST_SEARCH + " characters. page: must be that of a link."));
    }

    boolean finds(List<String> texts) {
        String lower = part.toLowerCase(Locale.ROOT);
        return texts.stream().anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(lower));
    }

    /**
     * Adds the links to the first and the next page.
     *
     * @param filter the name of the further filter
     * @param next what the last row is called; empty if there is no further page
     */
    void links(Sheet sheet, PageTarget target, String filter, Optional<String> next) {
        if (after.isEmpty() && next.isEmpty()) {
            return;
        }
        String query = target.reference() + "?find=" + encoded(part)
                + (other.isEmpty() ? "" : "&" + filter + "=" + encoded(other));
        sheet.html().markup("<nav class=\"paging\" aria-label=\"Pages of the list\">");
        if (!after.isEmpty()) {
            sheet.link(query, "First page");
        }
        next.ifPresent(name -> sheet.link(query + "&page=" + PageCursor.after(name), "Next page"));
        sheet.html().markup("</nav>\n");
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
