package dev.warder.admin.page;

import dev.warder.admin.page.Panel.Fact;
import dev.warder.reconcile.ReconciliationReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

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
        return Templates.of("reconciliation", Map.of("found", report, "formToken", formToken));
    }

    /** The days, the latest first. */
    public static List<ReconciliationReport.Day> days(ReconciliationReport report) {
        var days = new ArrayList<>(report.days());
        Collections.reverse(days);
        return days;
    }

    public static List<ReconciliationReport.Line> lines(ReconciliationReport report, ReconciliationReport.Day day) {
        return report.lines().stream()
                .filter(line -> line.id().day().equals(day.day()))
                .toList();
    }

    public static List<Fact> facts(ReconciliationReport report) {
        long ledger = sum(report, line -> line.sides().ledger().nanos());
        long booked = sum(report, ReconciliationReport.Line::booked);
        long unexplained = report.lines().stream()
                .filter(ReconciliationReport.Line::isUnexplained)
                .count();
        long open = report.days().stream().filter(day -> !day.settled()).count();
        long others = report.days().stream()
                .mapToLong(ReconciliationReport.Day::otherNanos)
                .sum();
        return List.of(
                new Fact(Shown.dollars(ledger), "ledger"),
                new Fact(signed(booked), "booked adjustments"),
                new Fact(Shown.dollars(ledger + booked), "ledger with adjustments"),
                new Fact(Shown.dollars(sum(report, line -> line.sides().report().nanos())), "Anthropic"),
                new Fact(signed(sum(report, ReconciliationReport.Line::open)), "not booked"),
                new Fact(Shown.count(unexplained), "unexplained lines"),
                new Fact(Shown.count(report.days().size()) + " / " + Shown.count(open), "days compared / open"),
                new Fact(Shown.dollars(others), "other keys"),
                new Fact(report.status().lastLook().map(Shown::time).orElse("-"), "last comparison (UTC)"));
    }

    private static long sum(ReconciliationReport report, ToLongFunction<ReconciliationReport.Line> number) {
        return report.lines().stream().mapToLong(number).sum();
    }

    /** With a sign, except for 0. */
    public static String signed(long nanos) {
        String sign = nanos < 0 ? "\u2212" : nanos > 0 ? "+" : "";
        return sign + (nanos != 0 && Math.abs(nanos) < LEAST ? "<$0.0001" : Shown.dollars(Math.abs(nanos)));
    }
}
