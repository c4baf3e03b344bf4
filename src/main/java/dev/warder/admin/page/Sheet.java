package dev.warder.admin.page;

/** A page of the policy that is being written, in the common frame. One thread at a time. */
final class Sheet extends Html {
    private static final String LINKS = "<div class=\"more\">{}</div>";

    private final PageRequest request;

    /** @param search the form to search what the page lists */
    Sheet(PageRequest request, Navigation place, String title, Html search) {
        this.request = request;
        var note =
                when(!request.note().isEmpty(), "<p class=\"note full done\" role=\"status\">{}</p>\n", request.note());
        add(new Frame(place, request.up(), request.formToken()).begin(title, title, search, "main", ""), note);
    }

    /** A link to another page. */
    Html link(PageTarget target, String text) {
        return link(target.reference(), text);
    }

    /** @param reference relative to {@code /admin/} */
    Html link(String reference, String text) {
        return of("<a href=\"{}{}\">{}</a>", request.up(), reference, text);
    }

    void warning(String text) {
        markup("<p class=\"note full\">{}</p>\n", text);
    }

    void notInUse(boolean inUse) {
        if (!inUse) {
            warning("These definitions have no effect yet, because policy.database is not true.");
        }
    }

    /** Nothing for an empty text. */
    static Html error(String text) {
        return when(!text.isEmpty(), "<p class=\"note full bad\" role=\"alert\">{}</p>\n", text);
    }

    void part(String id, String width, String title, Object... content) {
        add(section(id, width, title, of(LINKS, ""), all(content)));
    }

    /** The part of a page that lists something. */
    void list(String title, Html links, Object... content) {
        add(section("list", "full", title, of(LINKS, links), all(content)));
    }

    /** A form that is sent to this page itself, or to another one. */
    Html form(PageTarget target, Object... content) {
        String markup = "<form class=\"edit\" method=\"post\" action=\"{}{}\">{}{}</form>\n";
        return of(markup, request.up(), target.reference(), Frame.formToken(request.formToken()), all(content));
    }

    /** @param kind a class of the style sheet */
    static Html button(String kind, String action, String label) {
        String markup = "<p><button class=\"{}\" name=\"action\" value=\"{}\">{}</button></p>";
        return of(markup, kind, action, label);
    }

    static Html facts(Object... facts) {
        return of("<dl class=\"about\">{}</dl>\n", all(facts));
    }

    static Html fact(String title, Object value) {
        return of("<div><dt>{}</dt><dd>{}</dd></div>", title, value);
    }

    /** JSON that cannot be edited, under a title that {@code label} refers to. */
    static Html json(Html label, String text) {
        return of("<pre class=\"json\" tabindex=\"0\" role=\"region\" {}>{}</pre>\n", label, text);
    }

    PageReply reply(int status) {
        return new PageReply.Shown(status, markup(Frame.END).page());
    }

    static String count(long number, String one, String several) {
        return Shown.count(number) + " " + (number == 1 ? one : several);
    }

    /** A time of ISO 8601 to the second; a dash for an empty text. */
    static String time(String iso) {
        if (iso.isEmpty()) {
            return "-";
        }
        return iso.replaceFirst("^(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d:\\d\\d)(\\.\\d+)?Z$", "$1 $2");
    }
}
