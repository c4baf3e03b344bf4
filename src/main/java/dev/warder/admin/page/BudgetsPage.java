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
     * @param formToken the token for the form that signs out; empty for no form
     */
    public static String page(Optional<BudgetReport> report, String formToken) {
        var query = report.map(BudgetReport::query).orElse(BudgetQuery.ALL);
        var tools = Html.of(
                """
                <form class="find" action="budgets" role="search"><label for="find">Teams and clients with</label>\
                 <input type="search" id="find" name="find" maxlength="64" autocomplete="off" value="{}">{}\
                 <button>Find</button></form>
                {}<p class="more"><a href="limits">Rate limits</a></p>
                """,
                query.part(),
                query.isOneTeam() ? Html.hidden("team", query.team()) : new Html(),
                Html.of(DashboardPage.LIVE));
        return Frame.of(Navigation.BUDGETS, formToken)
                .panels("Budgets", tools, "budgets/panels" + query(query))
                .markup(panels(report))
                .markup(Frame.END)
                .page();
    }

    private static String query(BudgetQuery query) {
        return "?find=" + Paging.encoded(query.part())
                + (query.isOneTeam() ? "&team=" + Paging.encoded(query.team()) : "")
                + (query.page() == 1 ? "" : "&page=" + query.page());
    }

    static Html link(BudgetQuery query, String text) {
        return Html.of("<a href=\"budgets{}\">{}</a>", query(query), text);
    }

    public static String panels(Optional<BudgetReport> report) {
        return report.map(BudgetsPage::panels)
                .orElseGet(() -> Html.of("<p class=\"note full\" id=\"b-none\">There are no budgets: they need"
                        + " <code>policy.file</code> and a database.</p>\n"))
                .page();
    }

    private static Html panels(BudgetReport report) {
        var html = Html.all(
                notes(report),
                tree(report),
                lines("b-tags", "Tags", "Tag", report.tags()),
                lines("b-models", "Models", "Models", report.models()),
                lines("b-sessions", "Fullest sessions in use on this node", "Client and session", report.sessions()),
                waiting(report),
                nodes(report),
                events(report));
        String markup =
                """
                <p class="foot" id="as-of">As of {} UTC. Numbers are those of all nodes, some seconds old. A dash: no\
                 request was charged to the budget in this period, or its numbers are not known.</p>
                """;
        return html.markup(markup, Shown.time(report.time()));
    }

    /** Always there, so that the script finds it. */
    private static Html notes(BudgetReport report) {
        String away =
                """
                <p class="note bad" role="alert">The database cannot be read now. The numbers are those of this node's last\
                 exchange with it; budgets that it has not used lately have none.</p>
                """;
        String unread =
                "<p class=\"note\">{} budgets were not read, because there are too many, and have a dash.</p>\n";
        return Html.of(
                "<div class=\"full\" id=\"b-notes\">{}{}</div>\n",
                Html.when(!report.databaseRead(), away),
                Html.when(report.unread() > 0, unread, Shown.count(report.unread())));
    }

    private static Html tree(BudgetReport report) {
        String title = "Organization, teams and clients";
        String legend =
                """
                <ul class="legend"><li class="c1">Spent</li><li class="c3">Overage: spent above the amount</li>\
                <li class="c2">Unknown: reserved by nodes that were killed</li>\
                <li class="c4">Reserved for requests</li></ul>
                """;
        var table = Table.wide("b-tree", "all", title, BudgetTable.tree(report));
        return section(
                "b-tree", "full", title, filter(report.query()).markup(legend).add(table, pages(report)));
    }

    private static Html filter(BudgetQuery query) {
        if (query.part().isEmpty() && !query.isOneTeam()) {
            return new Html();
        }
        String team = query.team().equals(BudgetQuery.NO_TEAM) ? "clients without a team" : "the team " + query.team();
        return Html.of(
                "<p class=\"none\">Only {}{}. <a href=\"budgets\">Show all</a></p>\n",
                query.isOneTeam() ? team : "teams and clients",
                query.part().isEmpty() ? "" : ", with names that contain \u201c" + query.part() + "\u201d");
    }

    private static Html pages(BudgetReport report) {
        if (report.pages() == 1) {
            return new Html();
        }
        var query = report.query();
        int page = query.page();
        String markup = "<nav class=\"paging\" aria-label=\"Pages of the table\"><span>Page {} of {}</span>";
        var html = Html.of(markup, Shown.count(page), Shown.count(report.pages()));
        if (page > 1) {
            html.add(link(query.at(1), "First page"), link(query.at(page - 1), "Previous page"));
        }
        if (page < report.pages()) {
            html.add(link(query.at(page + 1), "Next page"));
        }
        return html.markup("</nav>\n");
    }

    private static Html lines(String id, String title, String first, Lines lines) {
        var content = lines.shown().isEmpty()
                ? Html.of(Table.NONE)
                : Table.wide(id, "", title, BudgetTable.of(title, first, lines));
        return section(id, "full", title, content);
    }

    private static Html waiting(BudgetReport report) {
        var table = Table.with("Client", "Waits for", "Why", "Needs", "For");
        for (var each : report.waiting()) {
            table.row(
                    Cell.text(each.client()),
                    Cell.text(String.join(", ", each.budgets())),
                    Cell.text(each.why().words()),
                    Cell.dollars(each.nanos()),
                    time(each.waited()));
        }
        String markup = "<p class=\"none\">{} further requests wait, for a shorter time.</p>\n";
        var more = Html.when(report.moreWaiting() > 0, markup, Shown.count(report.moreWaiting()));
        return section("b-waiting", "half", "Requests that wait on this node", table, more);
    }

    private static Html nodes(BudgetReport report) {
        var table = Table.with("Node", "Budget", "Needs", "For");
        for (var each : report.nodes()) {
            table.row(
                    Cell.text(each.node()),
                    Cell.text(each.key().budget()),
                    Cell.dollars(each.nanos()),
                    each.waited().map(BudgetsPage::time).orElseGet(() -> Cell.number("responses that run", "")));
        }
        String markup = "<p class=\"none\">Further nodes or budgets are not shown.</p>\n";
        return section("b-nodes", "half", "Other nodes that wait", table, Html.when(report.moreNodes(), markup));
    }

    private static Html events(BudgetReport report) {
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
        return section("b-events", "full", "Last cuts and refusals on this node", table, new Html());
    }

    private static Cell time(Duration waited) {
        return Cell.number(Shown.longTime(waited), "");
    }

    private static Html section(String id, String width, String title, Table table, Html more) {
        return section(id, width, title, table.part(id, title).add(more));
    }

    private static Html section(String id, String width, String title, Html content) {
        return Html.section(id, width, title, new Html(), content);
    }
}
