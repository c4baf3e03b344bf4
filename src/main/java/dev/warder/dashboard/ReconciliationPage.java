package dev.warder.dashboard;

import dev.warder.html.Frame;
import dev.warder.html.Html;
import dev.warder.html.Navigation;
import dev.warder.reconciliation.ReconciliationReport;
import dev.warder.reconciliation.store.ReconciliationDay;
import dev.warder.reconciliation.store.ReconciliationLine;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The page of reconciliation, without a script. It is at {@code /admin/reconciliation}, and all its references are relative to
 * that. One thread at a time.
 */
public final class ReconciliationPage {
    private final Html html =
            Frame.begin("Reconciliation", DashboardPage.FOLDER, "panels", false, Navigation.RECONCILIATION);
    private final Administrator administrator;

    private ReconciliationPage(Administrator administrator) {
        this.administrator = administrator;
    }

    /**
     * Who looks at the page.
     *
     * @param formToken the value of the field {@code csrf} for forms; empty for no forms that change something
     * @param namePattern of the name to ask for, a regular expression for HTML; empty if the name is known
     */
    public record Administrator(String formToken, Optional<String> namePattern) {
        /** Without the token, which permits actions. */
        @Override
        public String toString() {
            return "Administrator";
        }
    }

    /**
     * The page.
     *
     * @param report empty where {@code reconcile.key} is not set
     */
    public static String page(Optional<ReconciliationReport> report, Administrator administrator) {
        var page = new ReconciliationPage(administrator);
        page.header(report);
        page.html.markup("<main id=\"panels\" tabindex=\"-1\">\n");
        report.ifPresentOrElse(page::panels, page::none);
        return page.html.markup("</main>\n</body>\n</html>\n").page();
    }

    private void header(Optional<ReconciliationReport> report) {
        html.markup("<h1>Reconciliation</h1>\n");
        report.ifPresent(each -> {
            html.markup("<form class=\"find\" action=\"reconciliation\"><label for=\"from\">Days (UTC) from</label>")
                    .markup(" <input type=\"date\" id=\"from\" name=\"from\" required")
                    .attribute("value", each.from().toString())
                    .markup("> <label for=\"to\">to</label> <input type=\"date\" id=\"to\" name=\"to\" required")
                    .attribute("value", each.to().toString())
                    .markup("> <button>Show</button></form>\n");
            ReconciliationForms.look(html, administrator.formToken());
        });
        report.ifPresent(each -> {
            html.markup("<p class=\"more\">");
            String range = "from=" + each.from() + "&to=" + each.to() + "&format=csv";
            html.markup("<a").attribute("href", "api/reconciliation?" + range).markup(">CSV</a>");
            html.markup("<a").attribute("href", "api/reconciliation/adjustments?" + range);
            html.markup(">Bookings as CSV</a></p>\n");
        });
        Frame.signOut(html, DashboardPage.FOLDER, administrator.formToken());
        html.markup("</header>\n");
    }

    private void none() {
        html.markup("<p class=\"note full\">Nothing is compared: <code>reconcile.key</code> and")
                .markup(" <code>reconcile.map</code> are not set.</p>\n");
    }

    private void panels(ReconciliationReport report) {
        notes(report);
        sums(report);
        Map<LocalDate, List<ReconciliationLine>> byDay = report.lines().stream()
                .collect(Collectors.groupingBy(line -> line.id().day(), TreeMap::new, Collectors.toList()));
        var days = report.days();
        for (int i = days.size() - 1; i >= 0; i--) {
            var lines = byDay.getOrDefault(days.get(i).day(), List.of());
            if (!lines.isEmpty()) {
                day(report, days.get(i), lines);
            }
        }
        if (byDay.isEmpty()) {
            html.markup(
                            "<p class=\"note full\">No usage of the credentials of <code>reconcile.map</code> in these days.")
                    .markup("</p>\n");
        }
        html.markup(
                        "<p class=\"foot\">A day is open until Anthropic's numbers stay the same, three to seven days after")
                .markup(
                        " its end. Amounts are those of the list price or of <code>prices.factors</code> in the ledger,")
                .markup(" and those of Anthropic's cost report.</p>\n");
    }

    private void notes(ReconciliationReport report) {
        report.status().failure().ifPresent(why -> html.markup("<p class=\"note bad full\" role=\"alert\">")
                .text("The last look has failed: " + why + ".")
                .markup("</p>\n"));
        if (report.status().looking()) {
            html.markup("<p class=\"note full\" role=\"status\">This node looks at Anthropic's reports now.")
                    .markup(" Load the page again to see the result.</p>\n");
        }
        if (report.cut()) {
            html.markup(
                    "<p class=\"note full\">There are more lines than are shown. Choose fewer days. A day can be booked here only if all its lines are shown.</p>\n");
        }
    }

    private void sums(ReconciliationReport report) {
        var lines = report.lines();
        long ledger = sum(lines, line -> line.sides().ledger().nanos());
        long booked = sum(lines, ReconciliationLine::booked);
        long open = report.days().stream().filter(day -> !day.settled()).count();
        html.markup("<section class=\"panel full\" aria-labelledby=\"r-sums\"><div class=\"head\">")
                .markup("<h2 id=\"r-sums\">All these days</h2></div>\n<ul class=\"facts\">");
        fact(Shown.dollars(ledger), "ledger");
        fact(ReconciliationTable.signed(booked), "booked adjustments");
        fact(Shown.dollars(ledger + booked), "ledger with adjustments");
        fact(Shown.dollars(sum(lines, line -> line.sides().report().nanos())), "Anthropic");
        fact(ReconciliationTable.signed(sum(lines, ReconciliationLine::open)), "not booked");
        fact(
                Shown.count(
                        lines.stream().filter(ReconciliationLine::isUnexplained).count()),
                "unexplained lines");
        fact(Shown.count(report.days().size()) + " / " + Shown.count(open), "days compared / open");
        fact(
                Shown.dollars(report.days().stream()
                        .mapToLong(ReconciliationDay::otherNanos)
                        .sum()),
                "other keys");
        fact(report.status().lastLook().map(Shown::time).orElse("-"), "last look (UTC)");
        html.markup("</ul></section>\n");
    }

    private static long sum(List<ReconciliationLine> lines, ToLongFunction<ReconciliationLine> number) {
        return lines.stream().mapToLong(number).sum();
    }

    private void fact(String number, String what) {
        html.markup("<li><b>").text(number).markup("</b> ").text(what).markup("</li>");
    }

    private void day(ReconciliationReport report, ReconciliationDay day, List<ReconciliationLine> lines) {
        String id = "d-" + day.day();
        html.markup("<section class=\"panel full\"")
                .attribute("id", id)
                .attribute("aria-labelledby", id + "-title")
                .markup(">\n<div class=\"head\"><h2 class=\"w\"")
                .attribute("id", id + "-title")
                .markup(">")
                .text(day.day() + (day.settled() ? ", settled" : ", open"))
                .markup("</h2><span class=\"none\">")
                .text("other keys " + Shown.dollars(day.otherNanos()) + ", compared " + Shown.time(day.lookedAt()))
                .markup("</span></div>\n<div class=\"wide all\" tabindex=\"0\" role=\"region\"")
                .attribute("aria-label", "Table: " + day.day())
                .markup(">\n")
                .markup(ReconciliationTable.of(report, lines)
                        .html("Lines of " + day.day())
                        .page())
                .markup("</div>\n");
        if (!administrator.formToken().isEmpty() && lines.stream().anyMatch(line -> line.open() != 0)) {
            report.version(day.day())
                    .ifPresent(version -> ReconciliationForms.book(html, administrator, report, day.day(), version));
        }
        html.markup("</section>\n");
    }
}
