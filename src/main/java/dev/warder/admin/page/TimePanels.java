package dev.warder.admin.page;

import dev.warder.admin.page.Panel.Content;
import dev.warder.admin.page.Panel.Fact;
import dev.warder.admin.page.Plot.Series;
import dev.warder.admin.page.Table.Cell;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerReport.Requests;
import dev.warder.ledger.store.LedgerReport.Times;
import dev.warder.ledger.store.LedgerReport.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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
        var plot = plot(
                snapshot,
                "Requests over time, served, refused and failed",
                TICKS,
                series("Served", 1, served),
                series("Refused by Warder", 2, refused),
                series("Failed", 3, failed));
        var table = Table.with("Time", "Served", "Refused", "Failed");
        snapshot.each((slot, time) -> table.row(time, served.get(slot), refused.get(slot), failed.get(slot)));
        return Content.ofPlot(
                plot.bars(Shown::shortCount, 2),
                table,
                new Fact(Shown.count(sum(served) + sum(refused) + sum(failed)), "requests"),
                new Fact(Shown.count(sum(refused)), "refused"),
                new Fact(Shown.count(sum(failed)), "failed"));
    }

    static Content tokens(Snapshot snapshot) {
        var usage = snapshot.usage();
        var plot = plot(
                snapshot,
                "Tokens over time by kind",
                TICKS,
                series("Cache read", 4, each(usage, Usage::read)),
                series("Cache write, 5 min", 2, each(usage, Usage::write5m)),
                series("Cache write, 1 h", 3, each(usage, Usage::write1h)),
                series("Input", 1, each(usage, Usage::input)),
                series("Output", 5, each(usage, Usage::output)));
        var table =
                Table.with("Time", "Input", "Cache write 5 min", "Cache write 1 h", "Cache read", "Output", "Cache %");
        snapshot.each((slot, time) -> {
            var sums = usage.get(slot);
            var cache = Cell.percent(sums.read(), sums.prompt());
            table.row(time, sums.input(), sums.write5m(), sums.write1h(), sums.read(), sums.output(), cache);
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
        var plot = plot(
                snapshot,
                "Cost over time",
                TICKS_OF_SMALL,
                series("Billed to you", 1, billed),
                series("Clients' own credentials, list price", 2, own));
        var table = Table.with("Time", "Billed USD", "Own credentials USD");
        snapshot.each((slot, time) -> table.row(time, Cell.dollars(billed.get(slot)), Cell.dollars(own.get(slot))));
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
        var plot = plot(
                snapshot,
                what + " over time, percentiles",
                TICKS_OF_SMALL,
                quantile("p50", 1, times, Times::p50),
                quantile("p95", 2, times, Times::p95),
                quantile("p99", 3, times, Times::p99));
        var table = Table.with("Time", "Requests", "p50 ms", "p95 ms", "p99 ms");
        snapshot.each((slot, time) -> {
            var found = times.get(slot);
            var row = new ArrayList<Object>(List.of(time, found.count()));
            List.of(found.p50(), found.p95(), found.p99()).forEach(each -> row.add(Cell.duration(each, found.count())));
            table.row(row);
        });
        return Content.ofPlot(
                plot.lines(millis -> Shown.duration(Duration.ofNanos(Math.round(millis * 1e6)))),
                table,
                fact(all, all.p50(), "p50"),
                fact(all, all.p95(), "p95"),
                fact(all, all.p99(), "p99"));
    }

    private static Plot plot(Snapshot snapshot, String what, int ticks, Series... series) {
        return new Plot(what + "; the table has the values", snapshot.labels(), ticks, List.of(series));
    }

    private static Fact fact(Times all, Duration time, String label) {
        return new Fact(all.count() == 0 ? "-" : Shown.duration(time), label);
    }

    private static Series quantile(String title, int color, List<Times> times, Function<Times, Duration> part) {
        var values = times.stream().map(each -> each.count() == 0 ? -1 : Shown.millis(part.apply(each)));
        return new Series(title, color, values.toList());
    }

    private static Series series(String title, int color, List<Long> values) {
        return new Series(title, color, values.stream().map(Long::doubleValue).toList());
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
}
