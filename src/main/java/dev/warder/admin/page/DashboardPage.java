package dev.warder.admin.page;

import dev.warder.config.TextFile;
import dev.warder.http.Field;
import dev.warder.ledger.store.LedgerPeriod;
import java.util.List;

/** The frame of the page. It is at {@code /admin/}, and all its references are relative to that. */
public final class DashboardPage {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    /** The switch of a page that is shown again every few seconds. */
    static final String LIVE =
            "<label class=\"live\" hidden><input type=\"checkbox\" id=\"refresh\" checked> Live</label>\n";

    /** Follows the beginning of a page until its panels come, for a reader who has to wait for them. */
    static final String WAITING =
            """
            <p class="note full" id="reading" role="status">The ledger is being read. If nothing follows, load the page\
             again.</p>
            """;

    /** Follows the beginning of a page whose panels do not come. */
    static final String BROKEN =
            """
            <p class="note bad full" id="broken" role="alert">The panels cannot be shown. The reason is in the log of\
             this node.</p>
            """
                    + Frame.END;

    private DashboardPage() {}

    public static List<Field> fields() {
        return Page.fields(POLICY, "same-origin");
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

    static String begin(View view, LedgerPeriod period, boolean hasLedger, String formToken) {
        var ranges = new Html();
        for (var range : Range.values()) {
            ranges.add(link(new View(range, view.allNodes()), range.title, range == view.range()));
        }
        var tools = Html.of("<nav class=\"switch\" aria-label=\"Time\">{}</nav>\n", ranges);
        if (hasLedger) {
            var all = link(new View(view.range(), true), "All nodes", view.allNodes());
            var own = link(new View(view.range(), false), "This node", !view.allNodes());
            tools.markup("<nav class=\"switch\" aria-label=\"Nodes\">{}{}</nav>\n", all, own);
        }
        tools.markup(LIVE);
        if (hasLedger) {
            String ledger = "api/ledger?from=" + period.from() + "&format=csv";
            tools.markup("<p class=\"more\"><a href=\"{}\">Ledger</a></p>\n", ledger);
        }
        return Frame.of(Navigation.OVERVIEW, formToken)
                .panels("Warder", tools, "panels?" + view.query())
                .page();
    }

    static String end(Snapshot snapshot) {
        return panels(snapshot) + Frame.END;
    }

    static String panels(Snapshot snapshot) {
        var html = new Html();
        for (var panel : Panel.values()) {
            html.add(panel.html(snapshot));
        }
        return html.markup(
                        """
                        <p class="foot" id="as-of">As of {} UTC. Requests are those of known clients; tokens and cost\
                         are those of tries that have ended.</p>
                        """,
                        Shown.time(snapshot.now()))
                .page();
    }

    private static Html link(View view, String title, boolean current) {
        var mark = Html.when(current, " aria-current=\"true\"");
        return Html.of("<a href=\"./?{}\"{}>{}</a>", view.query(), mark, title);
    }

    static String resource(String name) {
        return TextFile.of(DashboardPage.class, name);
    }
}
