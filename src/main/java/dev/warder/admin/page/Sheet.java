package dev.warder.admin.page;

import java.util.Locale;
import java.util.Optional;

/** A page that is being written, in the common frame. One thread at a time. */
final class Sheet {
    /** The most characters of a search. */
    static final int LONGEST_SEARCH = 64;

    private final Html html;
    private final PageRequest request;

    Sheet(PageRequest request, Navigation place, String title, Optional<Search> search) {
        this.request = request;
        html = Frame.begin(title, request.up(), "main", false, place)
                .markup("<h1>")
                .text(title)
                .markup("</h1>\n");
        search.ifPresent(this::search);
        Frame.signOut(html, request.up(), request.formToken());
        html.markup("</header>\n<main id=\"main\" tabindex=\"-1\">\n");
        if (!request.note().isEmpty()) {
            html.markup("<p class=\"note full done\" role=\"status\">")
                    .text(request.note())
                    .markup("</p>\n");
        }
    }

    /** The searched text, and its place. */
    record Search(String label, PageTarget target, String part) {}

    private void search(Search search) {
        html.markup("<form class=\"find\" role=\"search\"")
                .attribute("action", to(search.target().reference()))
                .markup("><label for=\"find\">")
                .text(search.label())
                .markup("</label> <input type=\"search\" id=\"find\" name=\"find\" maxlength=\"" + LONGEST_SEARCH
                        + "\" autocomplete=\"off\"")
                .attribute("value", search.part())
                .markup("> <button>Find</button></form>\n");
    }

    Html html() {
        return html;
    }

    /** The reference from this page to another one, which is relative to {@code /admin/}. */
    String to(String reference) {
        return request.up() + reference;
    }

    void link(String reference, String text) {
        html.markup("<a")
                .attribute("href", to(reference))
                .markup(">")
                .text(text)
                .markup("</a>");
    }

    void warning(String text) {
        html.markup("<p class=\"note full\">").text(text).markup("</p>\n");
    }

    void error(String text) {
        if (!text.isEmpty()) {
            html.markup("<p class=\"note full bad\" role=\"alert\">").text(text).markup("</p>\n");
        }
    }

    void begin(String id, String width, String title) {
        begin(id, width, title, () -> {});
    }

    void begin(String id, String width, String title, Runnable links) {
        html.markup("<section class=\"panel " + width + "\" id=\"" + id + "\" aria-labelledby=\"" + id
                        + "-title\">\n<div class=\"head\"><h2 id=\"" + id + "-title\">")
                .text(title)
                .markup("</h2><div class=\"more\">");
        links.run();
        html.markup("</div></div>\n");
    }

    void end() {
        html.markup("</section>\n");
    }

    /** Begins a table with these columns, in a region that scrolls, by keyboard too. The caption is a constant. */
    void beginTable(String id, String caption, String... heads) {
        html.markup("<div class=\"wide all\" tabindex=\"0\" role=\"region\" id=\"" + id + "-wide\" aria-label=\"Table: "
                + caption + "\">\n<table>\n<caption>" + caption + "</caption>\n<thead><tr>");
        for (var head : heads) {
            // A column of numbers begins with a hash.
            html.markup(head.startsWith("#") ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
                    .text(head.startsWith("#") ? head.substring(1) : head)
                    .markup("</th>");
        }
        html.markup("</tr></thead>\n<tbody>\n");
    }

    void endTable() {
        html.markup("</tbody>\n</table>\n</div>\n");
    }

    void row(String reference, String title) {
        html.markup("<tr><th scope=\"row\">");
        link(reference, title);
        html.markup("</th>");
    }

    void cell(String text) {
        html.markup("<td>").text(text).markup("</td>");
    }

    void whole(String text) {
        html.markup("<td class=\"w\">").text(text).markup("</td>");
    }

    void number(String text) {
        html.markup("<td class=\"n\">").text(text).markup("</td>");
    }

    void endRow() {
        html.markup("</tr>\n");
    }

    void beginForm(PageTarget target) {
        html.markup("<form class=\"edit\" method=\"post\"")
                .attribute("action", to(target.reference()))
                .markup(">");
        Frame.formToken(html, request.formToken());
    }

    void hidden(String name, String value) {
        html.markup("<input type=\"hidden\" name=\"" + name + "\"")
                .attribute("value", value)
                .markup(">");
    }

    String page() {
        return html.markup("</main>\n</body>\n</html>\n").page();
    }

    static String count(long number, String one, String several) {
        return String.format(Locale.ROOT, "%,d", number) + " " + (number == 1 ? one : several);
    }

    /** A time of ISO 8601 to the second; a dash for an empty text. */
    static String time(String iso) {
        if (iso.isEmpty()) {
            return "-";
        }
        return iso.replaceFirst("^(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d:\\d\\d)(\\.\\d+)?Z$", "$1 $2");
    }
}
