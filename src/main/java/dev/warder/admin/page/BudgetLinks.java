package dev.warder.admin.page;

import dev.warder.quota.budget.BudgetQuery;
import dev.warder.quota.budget.BudgetReport;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The links of the page of budgets to other teams and pages. */
final class BudgetLinks {
    private static final String PAGE = "budgets";

    private BudgetLinks() {}

    static String query(BudgetQuery query) {
        return "?find=" + URLEncoder.encode(query.part(), StandardCharsets.UTF_8)
                + (query.isOneTeam() ? "&team=" + URLEncoder.encode(query.team(), StandardCharsets.UTF_8) : "")
                + (query.page() == 1 ? "" : "&page=" + query.page());
    }

    static String to(BudgetQuery query) {
        return PAGE + query(query);
    }

    static void filter(Html html, BudgetQuery query) {
        if (query.part().isEmpty() && !query.isOneTeam()) {
            return;
        }
        html.markup("<p class=\"none\">Only ");
        if (query.isOneTeam()) {
            html.text(query.team().equals(BudgetQuery.NO_TEAM) ? "clients without a team" : "the team " + query.team());
        } else {
            html.markup("teams and clients");
        }
        if (!query.part().isEmpty()) {
            html.markup(", with names that contain \u201c").text(query.part()).markup("\u201d");
        }
        html.markup(". <a href=\"" + PAGE + "\">Show all</a></p>\n");
    }

    static void pages(Html html, BudgetReport report) {
        if (report.pages() == 1) {
            return;
        }
        int page = report.query().page();
        html.markup("<nav class=\"paging\" aria-label=\"Pages of the table\"><span>")
                .text("Page " + Shown.count(page) + " of " + Shown.count(report.pages()))
                .markup("</span>");
        if (page > 1) {
            link(html, report.query().at(1), "First page");
            link(html, report.query().at(page - 1), "Previous page");
        }
        if (page < report.pages()) {
            link(html, report.query().at(page + 1), "Next page");
        }
        html.markup("</nav>\n");
    }

    private static void link(Html html, BudgetQuery query, String text) {
        html.markup("<a").attribute("href", to(query)).markup(">").text(text).markup("</a>");
    }
}
