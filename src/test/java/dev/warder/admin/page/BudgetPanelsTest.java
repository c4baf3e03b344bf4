package dev.warder.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.quota.BudgetReport;
import dev.warder.quota.SampleReport;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of budgets as text, with names that try to be markup. */
class BudgetPanelsTest {
    private static final String HOSTILE = "<img src=x onerror='alert(1)'>\"&";
    private static final String ESCAPED = "&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&quot;&amp;";
    private static final Pattern ID = Pattern.compile(" id=\"([^\"]+)\"");
    private static final List<String> SECTIONS =
            List.of("b-tree", "b-tags", "b-models", "b-sessions", "b-waiting", "b-nodes", "b-events");

    private static String page(String text, boolean databaseRead) {
        return BudgetsPage.page(Optional.of(SampleReport.with(text, databaseRead)), "form-token");
    }

    private static String section(String page, String id) {
        int from = page.indexOf("id=\"" + id + "\"");
        assertThat(from).as(id).isPositive();
        return page.substring(from, page.indexOf("</section>", from));
    }

    @Test
    void escapesEverythingThatCameFromOutside() {
        var page = page(HOSTILE, true);
        assertThat(page).doesNotContain("<img", "onerror='", "alert(1)'>");
        for (var id : List.of("b-tree", "b-sessions", "b-waiting", "b-nodes", "b-events")) {
            assertThat(section(page, id)).as(id).contains(ESCAPED);
        }
        assertThat(page).contains("value=\"" + ESCAPED + "\"", "panels?find=%3Cimg+src%3Dx+onerror%3D%27alert");
    }

    @Test
    void staysWithATeamAndItsPages() {
        var report = SampleReport.of(new BudgetReport.Query(HOSTILE, HOSTILE, 2), 3);
        var page = BudgetsPage.page(Optional.of(report), "form-token");
        String team = "team=%3Cimg+src%3Dx+onerror%3D%27alert%281%29%27%3E%22%26";
        String query = "?find=" + team.substring("team=".length()) + "&amp;" + team;
        assertThat(page)
                .contains("<input type=\"hidden\" name=\"team\" value=\"" + ESCAPED + "\">")
                .contains("data-from=\"budgets/panels" + query + "&amp;page=2\"")
                .contains("Only the team " + ESCAPED + ", with names that contain \u201c" + ESCAPED + "\u201d")
                .contains("Page 2 of 3")
                .contains("<a href=\"budgets" + query + "\">First page</a>")
                .contains("<a href=\"budgets" + query + "\">Previous page</a>")
                .contains("<a href=\"budgets" + query + "&amp;page=3\">Next page</a>")
                .doesNotContain("<img", "onerror='");
        var clients =
                BudgetsPage.page(Optional.of(SampleReport.of(new BudgetReport.Query("", "-", 1), 1)), "form-token");
        assertThat(clients)
                .contains("name=\"team\" value=\"-\"", "Only clients without a team.")
                .doesNotContain("class=\"paging\"");
        assertThat(page("red", true)).doesNotContain("name=\"team\"");
    }

    @Test
    void hasNothingThatItsPolicyForbidsAndEachIdOnce() {
        var page = page("text", true);
        assertThat(page).doesNotContain("style=", "<style", "onclick", "http:", "https:", "NaN", "=\"//");
        assertThat(ID.matcher(page).results().map(found -> found.group(1))).doesNotHaveDuplicates();
        SECTIONS.forEach(id -> assertThat(section(page, id)).contains("<h2 id=\"" + id + "-title\">"));
        assertThat(page).contains("href=\"./\"", "href=\"./credentials\"", "href=\"limits\"", "value=\"form-token\"");
        assertThat(page).contains(BudgetsPage.panels(Optional.of(SampleReport.with("text", true))));
    }

    @Test
    void showsOrganizationTeamAndClientsBelowEachOther() {
        var tree = section(page("red", true), "b-tree");
        assertThat(tree)
                .containsSubsequence(
                        "<th scope=\"row\" class=\"t0\">Organization</th>",
                        "<td class=\"w\">lifetime</td><td class=\"w\">enforce, finish</td>",
                        "title=\"$20.000000000\">$20.00</td>",
                        "title=\"$20.234567891\">$20.23</td>",
                        "title=\"$1.234567891\">$1.23</td>",
                        "<td class=\"w\">never</td>",
                        "<th scope=\"row\" class=\"t1\">Team red</th>",
                        "<td class=\"w\">month</td><td class=\"w\">warn</td>",
                        "<td class=\"n\">-</td><td class=\"n\">-</td>",
                        "2026-12-01 00:00 Europe/Berlin",
                        "<th scope=\"row\" class=\"t2\">red1</th>",
                        "title=\"$0.012500000\">$0.0125</td>",
                        "title=\"$0.400000000\">$0.4000</td>",
                        "title=\"$16.587500000\">$16.58</td>",
                        "2026-11-24 00:00 Europe/Berlin",
                        "4,321 further budgets of clients, which are less full",
                        "1 client without a budget of its own",
                        "2 further teams, whose budgets are less full");
        assertThat(tree).contains("contain \u201cred\u201d", "<a href=\"budgets\">Show all</a>");
    }

    /** Also where more was spent than the amount. */
    @Test
    void drawsBarsThatFitTheirPlace() {
        var tree = section(page("red", true), "b-tree");
        assertThat(tree)
                .contains("<rect class=\"c1\" x=\"0\" width=\"93.9\" height=\"10\"/>"
                        + "<rect class=\"c3\" x=\"93.9\" width=\"6.1\" height=\"10\"/></svg>")
                .contains("<rect class=\"c1\" x=\"0\" width=\"15\" height=\"10\"/>"
                        + "<rect class=\"c2\" x=\"15\" width=\"2\" height=\"10\"/>"
                        + "<rect class=\"c4\" x=\"17\" width=\"0.13\" height=\"10\"/></svg>");
    }

    @Test
    void showsWhoWaitsAndWhyAndWhatHappened() {
        var page = page("red", true);
        assertThat(section(page, "b-waiting"))
                .contains("team/a/month, client/red/day", "running requests hold the rest", "$0.0014", "42 s")
                .contains("8 further requests wait");
        assertThat(section(page, "b-nodes")).contains("node red", "3 s", "responses that run");
        assertThat(section(page, "b-events"))
                .contains("response cut", "refused: the database cannot be reached", ">31<", "2026-11-23 12:00:00");
        assertThat(section(page, "b-models")).contains("None.");
    }

    @Test
    void reportsThatTheDatabaseIsAway() {
        assertThat(page("red", false)).contains("The database cannot be read now.");
        assertThat(page("red", true))
                .doesNotContain("The database cannot be read now.")
                .contains("7 budgets were not read");
    }

    @Test
    void staysSmallWithTheMostLines() {
        var page = BudgetsPage.page(Optional.of(SampleReport.largest()), "");
        assertThat(page.length()).isBetween(100_000, 1_000_000);
        assertThat(page).contains("9,950 further teams").doesNotContain("<form method=\"post\"");
    }

    @Test
    void reportsThatThereAreNoBudgets() {
        assertThat(BudgetsPage.page(Optional.empty(), ""))
                .contains("There are no budgets: they need <code>policy.file</code> and a database.");
    }
}
