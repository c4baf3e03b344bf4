package dev.warder.admin.page;

import dev.warder.ledger.lease.Amounts;
import dev.warder.policy.BudgetTerms;
import dev.warder.quota.budget.BudgetLine;
import dev.warder.quota.budget.BudgetQuery;
import dev.warder.quota.budget.BudgetReport;
import dev.warder.quota.budget.Lines;
import dev.warder.quota.budget.TeamLines;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table with a row for each budget: its numbers, and a bar of them. One thread at a time. */
final class BudgetTable {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
    private static final List<String> HEADS = List.of(
            "Period", "Mode", "Used", "Amount", "Spent", "Overage", "Reserved", "Unknown", "Free", "Begins again");
    private static final int FIRST_NUMBER = 4;
    private static final int LAST_NUMBER = 9;
    private static final int COLUMNS = HEADS.size() + 1;
    private static final int WHOLE = 100;

    private final Html html;

    private BudgetTable(String caption, String first) {
        var heads = new ArrayList<>(List.of(first));
        heads.addAll(HEADS);
        html = Table.begin(caption, heads, column -> column >= FIRST_NUMBER && column <= LAST_NUMBER);
    }

    static Html tree(BudgetReport report) {
        var table = new BudgetTable("Organization, teams and clients", "Budget of");
        table.all("Organization", 0, report.organization());
        report.teams().forEach(team -> table.team(team, report.query()));
        table.note(
                1,
                report.moreTeams(),
                "further team, whose budgets are less full",
                "further teams, whose budgets are less full");
        return table.html.markup(Table.END);
    }

    static Html of(String caption, String first, Lines lines) {
        var table = new BudgetTable(caption, first);
        lines.shown().forEach(line -> table.row(line.budget().name(), 0, line));
        table.note(0, lines.more(), "further budget, which is less full", "further budgets, which are less full");
        return table.html.markup(Table.END);
    }

    private void team(TeamLines team, BudgetQuery query) {
        if (team.name().isEmpty()) {
            title("Clients without a team", 1);
            html.markup("<td colspan=\"{}\"></td></tr>\n", COLUMNS - 1);
        } else {
            all("Team " + team.name(), 1, team.budgets());
        }
        team.clients().shown().forEach(line -> row(line.budget().name(), 2, line));
        further(team, query);
        note(2, team.without(), "client without a budget of its own", "clients without a budget of their own");
    }

    /** How many others there are; with a link to them, unless links to pages follow the table. */
    private void further(TeamLines team, BudgetQuery query) {
        int count = team.clients().more();
        if (count > 0) {
            String text = Sheet.count(
                    count,
                    "further budget of clients, which is less full",
                    "further budgets of clients, which are less full");
            note(2, query.isOneTeam() ? text : BudgetsPage.link(query.of(team.name()), text));
        }
    }

    private void all(String owner, int depth, List<BudgetLine> budgets) {
        budgets.forEach(line -> row(owner, depth, line));
        if (budgets.isEmpty()) {
            title(owner, depth);
            html.markup("<td class=\"none\" colspan=\"{}\">no budget</td></tr>\n", COLUMNS - 1);
        }
    }

    private void note(int depth, int count, String one, String several) {
        if (count > 0) {
            note(depth, Sheet.count(count, one, several));
        }
    }

    private void note(int depth, Object text) {
        html.markup("<tr><td class=\"none t{}\" colspan=\"{}\">{}</td></tr>\n", depth, COLUMNS, text);
    }

    private void title(String owner, int depth) {
        html.markup("<tr><th scope=\"row\" class=\"t{}\">{}</th>", depth, owner);
    }

    private void row(String owner, int depth, BudgetLine line) {
        var terms = line.budget().terms();
        title(owner, depth);
        String markup = "<td class=\"w\">{}</td><td class=\"w\">{}</td><td class=\"w\">{}</td>";
        html.markup(markup, terms.period().word(), mode(terms), line.amounts().map(BudgetTable::bar));
        number(terms.nanos());
        line.amounts()
                .ifPresentOrElse(
                        this::numbers, () -> html.markup("<td class=\"n\">-</td>".repeat(LAST_NUMBER - FIRST_NUMBER)));
        html.markup("<td class=\"w\">{}</td></tr>\n", beginsAgain(line, terms.zone()));
    }

    private void numbers(Amounts amounts) {
        number(amounts.allSpent());
        number(amounts.overage());
        number(amounts.reserved());
        number(amounts.unknown());
        cell(Shown.dollarsAtLeast(amounts.free()), amounts.free());
    }

    private void number(long nanos) {
        cell(Shown.dollars(nanos), nanos);
    }

    private void cell(String shown, long nanos) {
        html.markup(
                "<td class=\"n\" title=\"${}\">{}</td>",
                Shown.exactDollars(nanos).toPlainString(),
                shown);
    }

    private static String mode(BudgetTerms terms) {
        String mode = terms.mode().name().toLowerCase(Locale.ROOT);
        return terms.enforces() ? mode + ", " + terms.onExhausted().name().toLowerCase(Locale.ROOT) : mode;
    }

    private static String beginsAgain(BudgetLine line, ZoneId zone) {
        String name = zone.normalized().equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
        return line.window()
                .end()
                .map(at -> MINUTE.format(at.atZone(zone)) + " " + name)
                .orElse("never");
    }

    private static Html bar(Amounts amounts) {
        var bar = Html.of(
                "<svg class=\"meter\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        var whole = BigDecimal.valueOf(Math.max(1, Math.max(amounts.amount(), amounts.taken())));
        var colors = List.of(1, 3, 2, 4);
        var parts = List.of(amounts.spent(), amounts.overage(), amounts.unknown(), amounts.reserved());
        long before = 0;
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) > 0) {
                String markup = "<rect class=\"c{}\" x=\"{}\" width=\"{}\" height=\"10\"/>";
                bar.markup(markup, colors.get(i), percent(before, whole), percent(parts.get(i), whole));
            }
            before += parts.get(i);
        }
        return bar.markup("</svg>");
    }

    private static String percent(long part, BigDecimal whole) {
        return BigDecimal.valueOf(part)
                .multiply(BigDecimal.valueOf(WHOLE))
                .divide(whole, 2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
