package dev.warder.admin.page;

import dev.warder.admin.page.Content.Fact;
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
 * that.
 */
public final class ReconciliationPage {
    /** Less would be shown as nothing. */
    private static final long LEAST = 100_000;

    private ReconciliationPage() {}

    /**
     * The page.
     *
     * @param report empty where {@code reconcile.key} is not set
     * @param formToken the token for the form that signs out; empty for no form
     */
    public static String page(Optional<ReconciliationReport> report, String formToken) {
        return Frame.of(Navigation.RECONCILIATION, formToken)
                .panels("Reconciliation", report.map(ReconciliationPage::tools).orElseGet(Html::new), "")
                .add(report.map(ReconciliationPage::panels).orElseGet(ReconciliationPage::none))
                .markup(Frame.END)
                .page();
    }

    private static Html tools(ReconciliationReport report) {
        return Html.of(
                """
                <form class="find" action="reconciliation"><label for="from">Days (UTC) from</label> <input type="date"\
                 id="from" name="from" required value="{}"> <label for="to">to</label> <input type="date" id="to"\
                 name="to" required value="{}"> <button>Show</button></form>
                <p class="more"><a href="{}">CSV</a></p>
                """,
                report.from(),
                report.to(),
                "api/reconciliation?from=" + report.from() + "&to=" + report.to() + "&format=csv");
    }

    private static Html none() {
        return Html.of(
                """
                <p class="note full">Nothing is compared: <code>reconcile.key</code> and <code>reconcile.map</code>\
                 are not set.</p>
                """);
    }

    private static Html panels(ReconciliationReport report) {
        Map<LocalDate, List<ReconciliationLine>> byDay = report.lines().stream()
                .collect(Collectors.groupingBy(line -> line.id().day(), TreeMap::new, Collectors.toList()));
        var html = Html.all(notes(report), sums(report));
        var days = report.days();
        for (int i = days.size() - 1; i >= 0; i--) {
            var lines = byDay.getOrDefault(days.get(i).day(), List.of());
            if (!lines.isEmpty()) {
                html.add(day(report, days.get(i), lines));
            }
        }
        String none =
                """
                <p class="note full">No usage of the credentials of <code>reconcile.map</code> in these days.</p>
                """;
        return html.add(Html.when(byDay.isEmpty(), none))
                .markup(
                        """
                        <p class="foot">A day is compared on the next day, and again two days later, which settles it.\
                         Amounts are those of the list price or of <code>prices.factors</code> in the ledger, and those\
                         of Anthropic's cost report.</p>
                        """);
    }

    private static Html notes(ReconciliationReport report) {
        String failed = "<p class=\"note bad full\" role=\"alert\">The last comparison has failed: {}.</p>\n";
        String cut = "<p class=\"note full\">There are more lines than are shown. Choose fewer days.</p>\n";
        return Html.all(report.status().failure().map(why -> Html.of(failed, why)), Html.when(report.cut(), cut));
    }

    private static Html sums(ReconciliationReport report) {
        var lines = report.lines();
        long ledger = sum(lines, line -> line.sides().ledger().nanos());
        long booked = sum(lines, ReconciliationLine::booked);
        long open = report.days().stream().filter(day -> !day.settled()).count();
        long unexplained =
                lines.stream().filter(ReconciliationLine::isUnexplained).count();
        long others =
                report.days().stream().mapToLong(ReconciliationDay::otherNanos).sum();
        var facts = List.of(
                new Fact(Shown.dollars(ledger), "ledger"),
                new Fact(signed(booked), "booked adjustments"),
                new Fact(Shown.dollars(ledger + booked), "ledger with adjustments"),
                new Fact(Shown.dollars(sum(lines, line -> line.sides().report().nanos())), "Anthropic"),
                new Fact(signed(sum(lines, ReconciliationLine::open)), "not booked"),
                new Fact(Shown.count(unexplained), "unexplained lines"),
                new Fact(Shown.count(report.days().size()) + " / " + Shown.count(open), "days compared / open"),
                new Fact(Shown.dollars(others), "other keys"),
                new Fact(report.status().lastLook().map(Shown::time).orElse("-"), "last comparison (UTC)"));
        return Html.of(
                """
                <section class="panel full" aria-labelledby="r-sums"><div class="head"><h2 id="r-sums">All these\
                 days</h2></div>
                <ul class="facts">{}</ul></section>
                """,
                Fact.all(facts));
    }

    private static long sum(List<ReconciliationLine> lines, ToLongFunction<ReconciliationLine> number) {
        return lines.stream().mapToLong(number).sum();
    }

    private static Html day(ReconciliationReport report, ReconciliationDay day, List<ReconciliationLine> lines) {
        return Html.of(
                """
                <section class="panel full" id="d-{}" aria-labelledby="d-{}-title">
                <div class="head"><h2 class="w" id="d-{}-title">{}, {}</h2><span class="none">other keys {}, compared\
                 {}</span></div>
                <div class="wide all" tabindex="0" role="region" aria-label="Table: {}">
                {}</div>
                </section>
                """,
                day.day(),
                day.day(),
                day.day(),
                day.day(),
                day.settled() ? "settled" : "open",
                Shown.dollars(day.otherNanos()),
                Shown.time(day.lookedAt()),
                day.day(),
                table(report, lines).html("Lines of " + day.day()));
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
        return table;
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
