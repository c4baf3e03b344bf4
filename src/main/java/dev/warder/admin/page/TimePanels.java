package dev.warder.admin.page;

import dev.warder.admin.page.Content.Fact;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerReport.Requests;
import dev.warder.ledger.store.LedgerReport.Times;
import dev.warder.ledger.store.LedgerReport.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/** The panels that show something over time. */
final class TimePanels {
    private static final int TICKS = 5;
    private static final int TICKS_OF_SMALL = 4;
    private static final double LEAST_NANOS = 1_000_000;
    private static final Times NONE = new Times(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private TimePanels() {}

    static Content requests(Snapshot snapshot) {
        var served = snapshot.ofRequests(each -> each.all() - each.refused() - each.failed(), 0L);
        var refused = snapshot.ofRequests(Requests::refused, 0L);
        var failed = snapshot.ofRequests(Requests::failed, 0L);
        var plot = new Plot(
                "Requests over time, served, refused and failed; the table has the values",
                snapshot.labels(),
                TICKS,
                List.of(
                        series("Served", 1, served, Shown::count),
                        series("Refused by Warder", 2, refused, Shown::count),
                        series("Failed", 3, failed, Shown::count)));
        var table = table(
                snapshot,
                Table.with("Time", "Served", "Refused", "Failed"),
                slot -> List.of(
                        Cell.count(served.get(slot)), Cell.count(refused.get(slot)), Cell.count(failed.get(slot))));
        return Content.ofPlot(
                plot.bars(Shown::shortCount, 2),
                table,
                new Fact(Shown.count(sum(served) + sum(refused) + sum(failed)), "requests"),
                new Fact(Shown.count(sum(refused)), "refused"),
                new Fact(Shown.count(sum(failed)), "failed"));
    }

    static Content tokens(Snapshot snapshot) {
        var usage = snapshot.usage();
        var plot = new Plot(
                "Tokens over time by kind; the table has the values",
                snapshot.labels(),
                TICKS,
                List.of(
                        series("Cache read", 4, each(usage, Usage::read), Shown::count),
                        series("Cache write, 5 min", 2, each(usage, Usage::write5m), Shown::count),
                        series("Cache write, 1 h", 3, each(usage, Usage::write1h), Shown::count),
                        series("Input", 1, each(usage, Usage::input), Shown::count),
                        series("Output", 5, each(usage, Usage::output), Shown::count)));
        var table = table(
                snapshot,
                Table.with("Time", "Input", "Cache write 5 min", "Cache write 1 h", "Cache read", "Output", "Cache %"),
                slot -> {
                    var sums = usage.get(slot);
                    return List.of(
                            Cell.count(sums.input()),
                            Cell.count(sums.write5m()),
                            Cell.count(sums.write1h()),
                            Cell.count(sums.read()),
                            Cell.count(sums.output()),
                            Cell.percent(sums.read(), sums.prompt()));
                });
        var all = all(usage);
        return Content.ofPlot(
                plot.bars(Shown::shortCount, 2),
                table,
                new Fact(Shown.shortCount((double) all.tokens()), "tokens"),
                new Fact(Shown.shortCount((double) all.output()), "output"),
                new Fact(Shown.percent(all.read(), all.prompt()), "of prompts from the cache"));
    }

    static Content cost(Snapshot snapshot) {
        var usage = snapshot.usage();
        var billed = each(usage, Usage::billedNanos);
        var own = each(usage, Usage::ownNanos);
        var plot = new Plot(
                "Cost over time; the table has the values",
                snapshot.labels(),
                TICKS_OF_SMALL,
                List.of(
                        series("Billed to you", 1, billed, Shown::dollars),
                        series("Clients' own credentials, list price", 2, own, Shown::dollars)));
        var table = table(
                snapshot,
                Table.with("Time", "Billed USD", "Own credentials USD"),
                slot -> List.of(Cell.dollars(billed.get(slot)), Cell.dollars(own.get(slot))));
        var all = all(usage);
        return Content.ofPlot(
                plot.bars(Shown::shortDollars, LEAST_NANOS),
                table,
                new Fact(Shown.dollars(all.billedNanos()), "billed"),
                new Fact(Shown.dollars(all.ownNanos()), "own credentials"));
    }

    static Content firstByte(Snapshot snapshot) {
        var all = snapshot.report().counts().map(LedgerReport.Counts::firstByte).orElse(NONE);
        return times(snapshot, "Time to the first byte", Requests::firstByte, all);
    }

    static Content addedLatency(Snapshot snapshot) {
        var all = snapshot.report().counts().map(LedgerReport.Counts::added).orElse(NONE);
        return times(snapshot, "Latency that Warder added", Requests::added, all);
    }

    private static Content times(Snapshot snapshot, String what, Function<Requests, Times> kind, Times all) {
        var times = snapshot.ofRequests(kind, NONE);
        var plot = new Plot(
                what + " over time, percentiles; the table has the values",
                snapshot.labels(),
                TICKS_OF_SMALL,
                List.of(
                        quantile("p50", 1, times, Times::p50),
                        quantile("p95", 2, times, Times::p95),
                        quantile("p99", 3, times, Times::p99)));
        var table = table(snapshot, Table.with("Time", "Requests", "p50 ms", "p95 ms", "p99 ms"), slot -> {
            var found = times.get(slot);
            return List.of(
                    Cell.count(found.count()),
                    Cell.duration(found.p50(), found.count()),
                    Cell.duration(found.p95(), found.count()),
                    Cell.duration(found.p99(), found.count()));
        });
        return Content.ofPlot(
                plot.lines(millis -> Shown.duration(Duration.ofNanos(Math.round(millis * 1e6)))),
                table,
                fact(all, all.p50(), "p50"),
                fact(all, all.p95(), "p95"),
                fact(all, all.p99(), "p99"));
    }

    /** @param cells those of a slot, by its place, after its time */
    private static Table table(Snapshot snapshot, Table table, IntFunction<List<Cell>> cells) {
        var slots = snapshot.slots();
        for (int i = 0; i < slots.size(); i++) {
            var row = new ArrayList<>(List.of(Cell.time(slots.get(i))));
            row.addAll(cells.apply(i));
            table.row(row);
        }
        return table;
    }

    private static Fact fact(Times all, Duration time, String label) {
        return new Fact(all.count() == 0 ? "-" : Shown.duration(time), label);
    }

    private static Series quantile(String title, int color, List<Times> times, Function<Times, Duration> part) {
        return new Series(
                title,
                color,
                times.stream()
                        .map(each -> each.count() == 0 ? -1 : Shown.millis(part.apply(each)))
                        .toList(),
                times.stream().map(each -> Shown.duration(part.apply(each))).toList());
    }

    private static Series series(String title, int color, List<Long> values, LongFunction<String> text) {
        return new Series(
                title,
                color,
                values.stream().map(Long::doubleValue).toList(),
                values.stream().map(text::apply).toList());
    }

    private static List<Long> each(List<Usage> usage, ToLongFunction<Usage> part) {
        return usage.stream().map(part::applyAsLong).toList();
    }

    private static long sum(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).sum();
    }

    private static Usage all(List<Usage> usage) {
        return usage.stream().reduce(Usage.NONE, Usage::plus);
    }

    /**
     * One series of a plot, a value for each slot. Immutable.
     *
     * @param title in the legend
     * @param color the number of its colour, from 1; a constant of the style sheet
     * @param values not negative; negative ones mean that nothing is known
     * @param texts the values as people read them
     */
    record Series(String title, int color, List<Double> values, List<String> texts) {}
}
