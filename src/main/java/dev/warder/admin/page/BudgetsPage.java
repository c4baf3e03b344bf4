package dev.warder.admin.page;

import dev.warder.quota.budget.BudgetQuery;
import dev.warder.quota.budget.BudgetReport;
import dev.warder.quota.budget.Lines;
import java.time.Duration;
import java.util.Optional;

/** The page of budgets. It is at {@code /admin/budgets}, and all its references are relative to that. */
public final class BudgetsPage {
    private BudgetsPage() {}

    /**
     * The page.
     *
     * @param report empty where there are no budgets, because {@code policy.file} or a database is not set
     * @param formToken the value of the field {@code csrf} for the form that signs out; empty for no form
     */
    public static String page(Optional<BudgetReport> report, String formToken) {
        var query = report.map(BudgetReport::query).orElse(BudgetQuery.ALL);
        var html = Frame.begin("Budgets", DashboardPage.FOLDER, "panels", true, Navigation.BUDGETS)
                .markup("<h1>Budgets</h1>\n");
        html.markup("<form class=\"find\" action=\"budgets\" role=\"search\">")
                .markup("<label for=\"find\">Teams and clients with</label>")
                .markup(" <input type=\"search\" id=\"find\" name=\"find\" maxlength=\"64\" autocomplete=\"off\"")
                .attribute("value", query.part())
                .markup(">");
        if (query.isOneTeam()) {
            html.markup("<input type=\"hidden\" name=\"team\"")
                    .attribute("value", query.team())
                    .markup(">");
        }
        html.markup(" <button>Find</button></form>\n");
        html.markup("<label class=\"live\" hidden><input type=\"checkbox\" id=\"refresh\" checked> Live</label>\n")
                .markup("<p class=\"more\"><a href=\"limits\">Rate limits</a></p>\n");
        Frame.signOut(html, DashboardPage.FOLDER, formToken);
        return html.markup("</header>\n<main id=\"panels\" tabindex=\"-1\"")
                .attribute("data-from", "budgets/panels" + BudgetLinks.query(query))
                .markup(">\n")
                .markup(panels(report))
                .markup("</main>\n</body>\n</html>\n")
                .page();
    }

    public static String panels(Optional<BudgetReport> report) {
        var html = new Html();
        report.ifPresentOrElse(found -> panels(html, found), () -> html.markup(
                        "<p class=\"note full\" id=\"b-none\">There are no budgets: they need")
                .markup(" <code>policy.file</code> and a database.</p>\n"));
        return html.page();
    }

    private static void panels(Html html, BudgetReport report) {
        notes(html, report);
        tree(html, report);
        lines(html, "b-tags", "Tags", "Tag", report.tags());
        lines(html, "b-models", "Models", "Models", report.models());
        lines(html, "b-sessions", "Fullest sessions in use on this node", "Client and session", report.sessions());
        waiting(html, report);
        nodes(html, report);
        events(html, report);
        html.markup("<p class=\"foot\" id=\"as-of\">As of ")
                .text(Shown.time(report.time()))
                .markup(" UTC. Numbers are those of all nodes, some seconds old. A dash: no request was charged to the")
                .markup(" budget in this period, or its numbers are not known.</p>\n");
    }

    /** Always there, so that the script finds it. */
    private static void notes(Html html, BudgetReport report) {
        html.markup("<div class=\"full\" id=\"b-notes\">");
        if (!report.databaseRead()) {
            html.markup(
                            "<p class=\"note bad\" role=\"alert\">The database cannot be read now. The numbers are those of")
                    .markup(" this node's last exchange with it; budgets that it has not used lately have none.</p>\n");
        }
        if (report.unread() > 0) {
            html.markup("<p class=\"note\">")
                    .text(Shown.count(report.unread()))
                    .markup(" budgets were not read, because there are too many, and have a dash.</p>\n");
        }
        html.markup("</div>\n");
    }

    private static void tree(Html html, BudgetReport report) {
        begin(html, "b-tree", "full", "Organization, teams and clients");
        BudgetLinks.filter(html, report.query());
        html.markup(
                        "<ul class=\"legend\"><li class=\"c1\">Spent</li><li class=\"c3\">Overage: spent above the amount</li>")
                .markup("<li class=\"c2\">Unknown: reserved by nodes that were killed</li>")
                .markup("<li class=\"c4\">Reserved for requests</li></ul>\n");
        wide(html, "b-tree", "Organization, teams and clients", BudgetTable.tree(report), "all");
        BudgetLinks.pages(html, report);
        html.markup("</section>\n");
    }

    private static void lines(Html html, String id, String title, String first, Lines lines) {
        begin(html, id, "full", title);
        if (lines.shown().isEmpty()) {
            none(html);
        } else {
            wide(html, id, title, BudgetTable.of(title, first, lines), "");
        }
        html.markup("</section>\n");
    }

    private static void waiting(Html html, BudgetReport report) {
        var table = Table.with("Client", "Waits for", "Why", "Needs", "For");
        for (var each : report.waiting()) {
            table.row(
                    Cell.text(each.client()),
                    Cell.text(String.join(", ", each.budgets())),
                    Cell.text(each.why().words()),
                    Cell.dollars(each.nanos()),
                    time(each.waited()));
        }
        section(html, "b-waiting", "half", "Requests that wait on this node", table.table());
        more(html, report.moreWaiting(), " further requests wait, for a shorter time");
        html.markup("</section>\n");
    }

    private static void nodes(Html html, BudgetReport report) {
        var table = Table.with("Node", "Budget", "Needs", "For");
        for (var each : report.nodes()) {
            table.row(
                    Cell.text(each.node()),
                    Cell.text(each.key().budget()),
                    Cell.dollars(each.nanos()),
                    each.waited().map(BudgetsPage::time).orElseGet(() -> Cell.number("responses that run", "")));
        }
        section(html, "b-nodes", "half", "Other nodes that wait", table.table());
        if (report.moreNodes()) {
            html.markup("<p class=\"none\">Further nodes or budgets are not shown.</p>\n");
        }
        html.markup("</section>\n");
    }

    private static void events(Html html, BudgetReport report) {
        var table = Table.with("Last time", "Times", "Client", "Model", "Budget", "What happened");
        for (var each : report.events()) {
            table.row(
                    Cell.time(each.time()),
                    Cell.count(each.times()),
                    Cell.text(each.client()),
                    Cell.text(each.model()),
                    Cell.text(Optional.of(String.join(", ", each.budgets())).filter(text -> !text.isEmpty())),
                    Cell.text(each.what().words()));
        }
        section(html, "b-events", "full", "Last cuts and refusals on this node", table.table());
        html.markup("</section>\n");
    }

    private static Cell time(Duration waited) {
        return Cell.number(Shown.longTime(waited), "");
    }

    private static void section(Html html, String id, String width, String title, Table table) {
        begin(html, id, width, title);
        if (table.rows().isEmpty()) {
            none(html);
        } else {
            wide(html, id, title, table.html(title), "");
        }
    }

    private static void begin(Html html, String id, String width, String title) {
        html.markup("<section class=\"panel " + width + "\" id=\"" + id + "\" aria-labelledby=\"" + id
                        + "-title\">\n<div class=\"head\"><h2 id=\"" + id + "-title\">")
                .text(title)
                .markup("</h2></div>\n");
    }

    private static void none(Html html) {
        html.markup("<p class=\"none\">None.</p>\n");
    }

    private static void more(Html html, int count, String what) {
        if (count > 0) {
            html.markup("<p class=\"none\">").text(Shown.count(count) + what).markup(".</p>\n");
        }
    }

    private static void wide(Html html, String id, String title, Html table, String height) {
        html.markup("<div class=\"wide " + height + "\" tabindex=\"0\" role=\"region\" id=\"" + id + "-wide\"")
                .attribute("aria-label", "Table: " + title)
                .markup(">\n")
                .markup(table.page())
                .markup("</div>\n");
    }
}
