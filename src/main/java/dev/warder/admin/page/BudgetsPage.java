package dev.warder.admin.page;

import dev.warder.ledger.store.Amounts;
import dev.warder.policy.Budget;
import dev.warder.quota.BudgetLine;
import dev.warder.quota.BudgetReport;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The page of budgets. It is at {@code /admin/budgets}, and all its references are relative to that. */
public final class BudgetsPage {
    private static final BigDecimal WHOLE = BigDecimal.valueOf(100);

    private BudgetsPage() {}

    /**
     * The page.
     *
     * @param report empty where there are no budgets, because {@code policy.file} or a database is not set
     * @param formToken the token for the form that signs out; empty for no form
     */
    public static String page(Optional<BudgetReport> report, String formToken) {
        return Templates.of("budgets", Map.of("report", report, "formToken", formToken));
    }

    public static String panels(Optional<BudgetReport> report) {
        return Templates.of("budgetPanels", Map.of("report", report));
    }

    public static String query(BudgetReport.Query query) {
        return "?find=" + Paging.encoded(query.part())
                + (query.isOneTeam() ? "&team=" + Paging.encoded(query.team()) : "")
                + (query.page() == 1 ? "" : "&page=" + query.page());
    }

    /** The names to which a query restricts the table; empty for none. */
    public static String filter(BudgetReport.Query query) {
        String team =
                query.team().equals(BudgetReport.Query.NO_TEAM) ? "clients without a team" : "the team " + query.team();
        String names = query.part().isEmpty() ? "" : ", with names that contain \u201c" + query.part() + "\u201d";
        return query.isOneTeam() ? team + names : names.isEmpty() ? "" : "teams and clients" + names;
    }

    public static String mode(Budget.Terms terms) {
        String mode = terms.mode().name().toLowerCase(Locale.ROOT);
        return terms.enforces() ? mode + ", " + terms.onExhausted().name().toLowerCase(Locale.ROOT) : mode;
    }

    public static String beginsAgain(BudgetLine line) {
        return line.resetTime().orElse("never");
    }

    /**
     * A part of a budget's bar, in percent of it.
     *
     * @param color a class of the style sheet
     */
    public record Part(String color, String from, String width) {}

    public static List<Part> bar(Amounts amounts) {
        var whole = BigDecimal.valueOf(Math.max(1, Math.max(amounts.amount(), amounts.taken())));
        var colors = List.of("c1", "c3", "c2", "c4");
        var numbers = List.of(amounts.spent(), amounts.overage(), amounts.unknown(), amounts.reserved());
        var parts = new ArrayList<Part>();
        long before = 0;
        for (int i = 0; i < numbers.size(); i++) {
            if (numbers.get(i) > 0) {
                parts.add(new Part(colors.get(i), percent(before, whole), percent(numbers.get(i), whole)));
            }
            before += numbers.get(i);
        }
        return parts;
    }

    private static String percent(long part, BigDecimal whole) {
        return BigDecimal.valueOf(part)
                .multiply(WHOLE)
                .divide(whole, 2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
