package dev.warder.admin.page;

import dev.warder.policy.Budget;
import dev.warder.policy.BudgetTerms;
import dev.warder.ledger.lease.Amounts;
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
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A table with a row for each budget: its numbers, and a bar of them. One thread at a time. */
final class BudgetTable {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
    private static final List<String> NUMBERS = List.of("Amount", "Spent", "Overage", "Reserved", "Unknown", "Free");
    private static final int COLUMNS = NUMBERS.size() + 5;
    private static final int WHOLE = 100;

    private final Html html = new Html();

    private BudgetTable(String caption, String first) {
        html.markup("<table>\n<caption>").text(caption).markup("</caption>\n<thead><tr><th scope=\"col\">");
        html.text(first).markup("</th><th scope=\"col\">Period</th><th scope=\"col\">Mode</th>");
        html.markup("<th scope=\"col\">Used</th>");
        NUMBERS.forEach(
                each -> html.markup("<th scope=\"col\" class=\"n\">").text(each).markup("</th>"));
        html.markup("<th scope=\"col\">Begins again</th></tr></thead>\n<tbody>\n");
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
        return table.end();
    }

    static Html of(String caption, String first, Lines lines) {
        var table = new BudgetTable(caption, first);
        lines.shown().forEach(line -> table.row(line.budget().name(), 0, line));
        table.note(0, lines.more(), "further budget, which is less full", "further budgets, which are less full");
        return table.end();
    }

    private void team(TeamLines team, BudgetQuery query) {
        if (team.name().isEmpty()) {
            title("Clients without a team", 1);
            html.markup("<td colspan=\"" + (COLUMNS - 1) + "\"></td></tr>\n");
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
            html.markup("<tr><td class=\"none t2\" colspan=\"" + COLUMNS + "\">");
            if (!query.isOneTeam()) {
                html.markup("<a")
                        .attribute("href", BudgetLinks.to(query.of(team.name())))
                        .markup(">");
            }
            html.text(Shown.count(count)
                    + (count == 1
                            ? " further budget of clients, which is less full"
                            : " further budgets of clients, which are less full"));
            html.markup(query.isOneTeam() ? "</td></tr>\n" : "</a></td></tr>\n");
        }
    }

    private void all(String owner, int depth, List<BudgetLine> budgets) {
        budgets.forEach(line -> row(owner, depth, line));
        if (budgets.isEmpty()) {
            title(owner, depth);
            html.markup("<td class=\"none\" colspan=\"" + (COLUMNS - 1) + "\">no budget</td></tr>\n");
        }
    }

    private void note(int depth, int count, String one, String several) {
        if (count > 0) {
            html.markup("<tr><td class=\"none t" + depth + "\" colspan=\"" + COLUMNS + "\">")
                    .text(Shown.count(count) + " " + (count == 1 ? one : several))
                    .markup("</td></tr>\n");
        }
    }

    private void title(String owner, int depth) {
        html.markup("<tr><th scope=\"row\" class=\"t" + depth + "\">")
                .text(owner)
                .markup("</th>");
    }

    private void row(String owner, int depth, BudgetLine line) {
        var budget = line.budget();
        title(owner, depth);
        html.markup("<td class=\"w\">").text(budget.terms().period().word()).markup("</td>");
        html.markup("<td class=\"w\">").text(mode(budget.terms())).markup("</td><td class=\"w\">");
        html.markup(line.amounts().map(BudgetTable::bar).orElse("")).markup("</td>");
        number(budget.terms().nanos());
        line.amounts()
                .ifPresentOrElse(this::numbers, () -> html.markup("<td class=\"n\">-</td>".repeat(NUMBERS.size() - 1)));
        html.markup("<td class=\"w\">").text(beginsAgain(line, budget)).markup("</td></tr>\n");
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
        html.markup("<td class=\"n\"")
                .attribute("title", "$" + Shown.exactDollars(nanos).toPlainString())
                .markup(">")
                .text(shown)
                .markup("</td>");
    }

    static String mode(BudgetTerms terms) {
        String mode = terms.mode().name().toLowerCase(Locale.ROOT);
        return terms.enforces() ? mode + ", " + terms.onExhausted().name().toLowerCase(Locale.ROOT) : mode;
    }

    private static String beginsAgain(BudgetLine line, Budget budget) {
        ZoneId zone = budget.terms().zone();
        String name = zone.normalized().equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
        return line.window()
                .end()
                .map(at -> MINUTE.format(at.atZone(zone)) + " " + name)
                .orElse("never");
    }

    private static String bar(Amounts amounts) {
        var bar = new StringBuilder(
                "<svg class=\"meter\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        var whole = BigDecimal.valueOf(Math.max(1, Math.max(amounts.amount(), amounts.taken())));
        var colors = List.of(1, 3, 2, 4);
        var parts = Stream.of(amounts.spent(), amounts.overage(), amounts.unknown(), amounts.reserved())
                .toList();
        long before = 0;
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) > 0) {
                bar.append("<rect class=\"c" + colors.get(i) + "\" x=\"" + percent(before, whole) + "\" width=\""
                        + percent(parts.get(i), whole) + "\" height=\"10\"/>");
            }
            before += parts.get(i);
        }
        return bar.append("</svg>").toString();
    }

    private static String percent(long part, BigDecimal whole) {
        return BigDecimal.valueOf(part)
                .multiply(BigDecimal.valueOf(WHOLE))
                .divide(whole, 2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    private Html end() {
        return html.markup("</tbody>\n</table>\n");
    }
}
