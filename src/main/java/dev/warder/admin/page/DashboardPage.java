package dev.warder.admin.page;

import dev.warder.http.Field;
import dev.warder.ledger.store.LedgerPeriod;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The frame of the page. It is at {@code /admin/}, and all its references are relative to that. */
public final class DashboardPage {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    private static final String END = "</main>\n</body>\n</html>\n";

    static final String FOLDER = "./";

    private DashboardPage() {}

    public static List<Field> fields() {
        return List.of(
                new Field("Content-Security-Policy", POLICY),
                new Field("X-Frame-Options", "DENY"),
                new Field("X-Content-Type-Options", "nosniff"),
                new Field("Referrer-Policy", "same-origin"));
    }

    public static String style() {
        return resource("page.css");
    }

    public static String script() {
        return resource("page.js");
    }

    public static String version() {
        return resource("version.txt").strip();
    }

    static String panels(Snapshot snapshot) {
        return panelsHtml(snapshot).page();
    }

    static String begin(View view, LedgerPeriod period, boolean hasLedger, String formToken) {
        var html = Frame.begin("Overview", FOLDER, "panels", true, Navigation.OVERVIEW)
                .markup("<h1>Warder</h1>\n");
        ranges(html, view);
        if (hasLedger) {
            nodes(html, view);
        }
        html.markup("<label class=\"live\" hidden><input type=\"checkbox\" id=\"refresh\" checked> Live</label>\n");
        if (hasLedger) {
            html.markup("<p class=\"more\"><a")
                    .attribute("href", "api/ledger?from=" + period.from() + "&format=csv")
                    .markup(">Ledger</a></p>\n");
        }
        Frame.signOut(html, FOLDER, formToken);
        return html.markup("</header>\n<main id=\"panels\" tabindex=\"-1\"")
                .attribute("data-from", "panels?" + view.query())
                .markup(">\n")
                .page();
    }

    /** Follows the beginning of a page until its panels come, for a reader who has to wait for them or does not get them. */
    static String waiting() {
        return "<p class=\"note full\" id=\"reading\" role=\"status\">The ledger is being read. If nothing follows, load the page"
                + " again.</p>\n";
    }

    static String broken() {
        return "<p class=\"note bad full\" id=\"broken\" role=\"alert\">The panels cannot be shown. The reason is in the log of this node.</p>\n"
                + END;
    }

    static String end(Snapshot snapshot) {
        return panelsHtml(snapshot).markup(END).page();
    }

    private static Html panelsHtml(Snapshot snapshot) {
        var html = new Html();
        for (var panel : Panel.values()) {
            html.markup(panel.html(snapshot).page());
        }
        return html.markup("<p class=\"foot\" id=\"as-of\">As of ")
                .text(Shown.time(snapshot.now()))
                .markup(
                        " UTC. Requests are those of known clients; tokens and cost are those of tries that have ended.</p>\n");
    }

    private static void ranges(Html html, View view) {
        html.markup("<nav class=\"switch\" aria-label=\"Time\">");
        for (var range : Range.values()) {
            link(html, view.with(range), range.title(), range == view.range());
        }
        html.markup("</nav>\n");
    }

    private static void nodes(Html html, View view) {
        html.markup("<nav class=\"switch\" aria-label=\"Nodes\">");
        link(html, view.withAllNodes(true), "All nodes", view.allNodes());
        link(html, view.withAllNodes(false), "This node", !view.allNodes());
        html.markup("</nav>\n");
    }

    private static void link(Html html, View view, String title, boolean current) {
        html.markup("<a").attribute("href", "./?" + view.query());
        if (current) {
            html.markup(" aria-current=\"true\"");
        }
        html.markup(">").text(title).markup("</a>");
    }

    private static String resource(String name) {
        try (InputStream file = DashboardPage.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new IllegalStateException("a file that came with this program cannot be read", broken);
        }
    }
}
