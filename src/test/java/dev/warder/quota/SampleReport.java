package dev.warder.quota;

import dev.warder.ledger.store.Amounts;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.ledger.store.PeriodReader.NodeWait;
import dev.warder.policy.Budget;
import dev.warder.policy.Period;
import dev.warder.quota.BudgetReport.Lines;
import dev.warder.quota.BudgetReport.TeamLines;
import dev.warder.quota.BudgetReport.WaitingRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reports for tests of what is made of them. */
public final class SampleReport {
    /** When they were made. */
    public static final Instant NOW = SampleBudgets.NOW;

    private static final long DOLLAR = SampleBudgets.DOLLAR;

    private SampleReport() {}

    /** With this text wherever a text may come from outside. */
    public static BudgetReport with(String text, boolean databaseRead) {
        return with(text, databaseRead, new BudgetReport.Query(text, "", 1), 1);
    }

    /** A part of many teams or clients. */
    public static BudgetReport of(BudgetReport.Query query, int pages) {
        return with("red", true, query, pages);
    }

    private static BudgetReport with(String text, boolean databaseRead, BudgetReport.Query query, int pages) {
        var team = new TeamLines(
                text,
                List.of(line(Budget.Scope.TEAM, text, Period.MONTH, Budget.Mode.WARN, Optional.empty())),
                new Lines(clients(text, 3), 4321),
                1);
        var organization = List.of(line(
                Budget.Scope.ORGANIZATION,
                "",
                Period.LIFETIME,
                Budget.Mode.ENFORCE,
                Optional.of(new Amounts(20 * DOLLAR, 19 * DOLLAR, 1_234_567_891L, 0, 0))));
        return report(text, databaseRead, query, organization, List.of(team), 2, pages);
    }

    /** With as many lines as there may be. */
    public static BudgetReport largest() {
        var teams = new ArrayList<TeamLines>();
        for (int i = 0; i < BudgetReports.MOST_TEAMS; i++) {
            var lines = new Lines(
                    clients("c".repeat(60) + i, BudgetReports.MOST_CLIENT_LINES / BudgetReports.MOST_TEAMS), 90);
            teams.add(new TeamLines("t" + i, List.of(), lines, 3));
        }
        return report("", true, BudgetReport.Query.ALL, List.of(), teams, 9950, 1);
    }

    private static BudgetReport report(
            String text,
            boolean databaseRead,
            BudgetReport.Query query,
            List<BudgetLine> organization,
            List<TeamLines> teams,
            int moreTeams,
            int pages) {
        return new BudgetReport(
                NOW,
                query,
                databaseRead,
                organization,
                teams,
                moreTeams,
                pages,
                new Lines(List.of(line(Budget.Scope.TAG, "night", Period.HOUR, Budget.Mode.SHADOW, some(5))), 0),
                new Lines(List.of(), 0),
                new Lines(
                        List.of(line(Budget.Scope.SESSION, "ada/" + text, Period.DAY, Budget.Mode.ENFORCE, some(9))),
                        1),
                7,
                List.of(new WaitingRequest(
                        "ada",
                        List.of("team/a/month", "client/" + text + "/day"),
                        WaitingRequest.Why.RUNNING,
                        1_400_000,
                        Duration.ofSeconds(42))),
                8,
                List.of(
                        new NodeWait(
                                "node " + text,
                                new PeriodKey("team/a/month", NOW),
                                6_000_000,
                                Optional.of(Duration.ofSeconds(3))),
                        new NodeWait("node", new PeriodKey("team/b/month", NOW), 7, Optional.empty())),
                false,
                List.of(
                        new BudgetReport.Event(
                                NOW, "ada", text, List.of("team/a/month"), BudgetReport.Event.What.CUT, 1),
                        new BudgetReport.Event(NOW, "bob", "m", List.of(), BudgetReport.Event.What.DATABASE_AWAY, 31)));
    }

    private static List<BudgetLine> clients(String name, int count) {
        var lines = new ArrayList<BudgetLine>();
        for (int i = 0; i < count; i++) {
            lines.add(line(Budget.Scope.CLIENT, name + i, Period.DAY, Budget.Mode.ENFORCE, some(i)));
        }
        return lines;
    }

    private static Optional<Amounts> some(int i) {
        return Optional.of(new Amounts(20 * DOLLAR, 3 * DOLLAR, 0, 12_500_000L * i, 400_000_000L));
    }

    private static BudgetLine line(
            Budget.Scope scope, String name, Period period, Budget.Mode mode, Optional<Amounts> amounts) {
        var terms = new Budget.Terms(20 * DOLLAR, period, ZoneId.of("Europe/Berlin"), mode, Budget.OnExhausted.FINISH);
        return new BudgetLine(new Budget(scope, name, terms), terms.windowAt(NOW), amounts);
    }
}
