package dev.warder.admin.page;

import dev.warder.http.ErrorReply;
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
record Paging(String part, String filter, String other, String after) {
    static final int ROWS = 100;
    private static final int LONGEST_SEARCH = 64;

    /** The range that a request asks for; empty if it must be refused. */
    static Optional<Paging> of(PageRequest request, String filter) {
        var query = request.query();
        String part = query.value("find").strip();
        String cursor = query.value("page");
        var after = cursor.isEmpty() ? Optional.of("") : PageDocument.name(cursor);
        return after.filter(any -> part.length() <= LONGEST_SEARCH)
                // PostgreSQL has no text with it.
                .filter(name -> part.indexOf('\0') < 0 && name.indexOf('\0') < 0)
                .map(name -> new Paging(part, filter, query.value(filter), name));
    }

    static PageReply refusal() {
        return new PageReply.Refused(ErrorReply.invalidRequest(
                "find: must have at most " + LONGEST_SEARCH + " characters. page: must be that of a link."));
    }

    boolean isAll() {
        return part.isEmpty() && other.isEmpty();
    }

    boolean finds(String... texts) {
        String lower = part.toLowerCase(Locale.ROOT);
        return Stream.of(texts).anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(lower));
    }

    /** The form to search. */
    Html search(PageRequest request, String label) {
        String markup =
                """
                <form class="find" role="search" action="{}{}"><label for="find">{}</label> <input type="search"\
                 id="find" name="find" maxlength="{}" autocomplete="off" value="{}"> <button>Find</button></form>
                """;
        return Html.of(markup, request.up(), request.target().reference(), label, LONGEST_SEARCH, part);
    }

    /**
     * The links to the first and the next page.
     *
     * @param next what the last row is called; empty if there is no further page
     */
    Html links(Sheet sheet, PageTarget target, Optional<String> next) {
        String query = target.reference() + "?find=" + encoded(part)
                + (other.isEmpty() ? "" : "&" + filter + "=" + encoded(other));
        var first = after.isEmpty() ? new Html() : sheet.link(query, "First page");
        var further = next.map(name -> sheet.link(query + "&page=" + PageDocument.after(name), "Next page"));
        return Html.when(
                !after.isEmpty() || next.isPresent(),
                "<nav class=\"paging\" aria-label=\"Pages of the list\">{}{}</nav>\n",
                first,
                further);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
