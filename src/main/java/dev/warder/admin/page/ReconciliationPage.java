package dev.warder.admin.page;

import dev.warder.reconcile.ReconciliationDay;
import dev.warder.reconcile.ReconciliationLine;
import dev.warder.reconcile.ReconciliationReport;
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
    /** Less would be shown as nothing. */
    private static final long LEAST = 100_000;

    private final Html html =
            Frame.begin("Reconciliation", DashboardPage.FOLDER, "panels", false, Navigation.RECONCILIATION);

    private ReconciliationPage() {}

    /**
     * The page.
     *
     * @param report empty where {@code reconcile.key} is not set
     * @param formToken the value of the field {@code csrf} for the form that signs out; empty for no form
     */
    public static String page(Optional<ReconciliationReport> report, String formToken) {
        var page = new ReconciliationPage();
        page.header(report, formToken);
        page.html.markup("<main id=\"panels\" tabindex=\"-1\">\n");
        report.ifPresentOrElse(page::panels, page::none);
        return page.html.markup("</main>\n</body>\n</html>\n").page();
    }

    private void header(Optional<ReconciliationReport> report, String formToken) {
        html.markup("<h1>Reconciliation</h1>\n");
        report.ifPresent(each -> {
            html.markup("<form class=\"find\" action=\"reconciliation\"><label for=\"from\">Days (UTC) from</label>")
                    .markup(" <input type=\"date\" id=\"from\" name=\"from\" required")
                    .attribute("value", each.from().toString())
                    .markup("> <label for=\"to\">to</label> <input type=\"date\" id=\"to\" name=\"to\" required")
                    .attribute("value", each.to().toString())
                    .markup("> <button>Show</button></form>\n<p class=\"more\"><a")
                    .attribute("href", "api/reconciliation?from=" + each.from() + "&to=" + each.to() + "&format=csv")
                    .markup(">CSV</a></p>\n");
        });
        Frame.signOut(html, DashboardPage.FOLDER, formToken);
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
        html.markup("<p class=\"foot\">A day is compared on the next day, and again two days later, which settles it.")
                .markup(" Amounts are those of the list price or of <code>prices.factors</code> in the ledger,")
                .markup(" and those of Anthropic's cost report.</p>\n");
    }

    private void notes(ReconciliationReport report) {
        report.status().failure().ifPresent(why -> html.markup("<p class=\"note bad full\" role=\"alert\">")
                .text("The last comparison has failed: " + why + ".")
                .markup("</p>\n"));
        if (report.cut()) {
            html.markup("<p class=\"note full\">There are more lines than are shown. Choose fewer days.</p>\n");
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
        fact(signed(booked), "booked adjustments");
        fact(Shown.dollars(ledger + booked), "ledger with adjustments");
        fact(Shown.dollars(sum(lines, line -> line.sides().report().nanos())), "Anthropic");
        fact(signed(sum(lines, ReconciliationLine::open)), "not booked");
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
        fact(report.status().lastLook().map(Shown::time).orElse("-"), "last comparison (UTC)");
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
                .markup(table(report, lines).html("Lines of " + day.day()).page())
                .markup("</div>\n");
        html.markup("</section>\n");
    }

    private static Table table(ReconciliationReport report, List<ReconciliationLine> lines) {
        var table = Table.with(
                "Model",
                "Credential",
                "Anthropic",
                "Ledger",
                "Rows",
                "Difference",
                "Booked",
                "Not booked",
                "Tokens differ by",
                "State");
        for (var line : lines) {
            var sides = line.sides();
            table.row(
                    Cell.text(line.id().model()),
                    Cell.text(line.id().credential()),
                    Cell.dollars(sides.report().nanos()),
                    Cell.dollars(sides.ledger().nanos()),
                    Cell.count(sides.rows()),
                    dollars(sides.difference()),
                    dollars(line.booked()),
                    dollars(line.open()),
                    Cell.count(sides.distance()),
                    Cell.text(report.state(line) + (line.isUnexplained() ? ", unexplained" : "")));
        }
        return table.table();
    }

    private static Cell dollars(long nanos) {
        return Cell.number(signed(nanos), Shown.exactDollars(nanos).toPlainString());
    }

    /** With a sign, except for 0. */
    private static String signed(long nanos) {
        String sign = nanos < 0 ? "\u2212" : nanos > 0 ? "+" : "";
        return sign + (nanos != 0 && Math.abs(nanos) < LEAST ? "<$0.0001" : Shown.dollars(Math.abs(nanos)));
    }
}
