package dev.warder.ledger.lease;

import dev.warder.ledger.store.PeriodKey;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** 1 to 20 names of budgets, for a statement with twenty places for them. Immutable. */
record BudgetNames(List<String> names) {
    private static final int PLACES = 20;

    BudgetNames {
        names = List.copyOf(names);
    }

    static List<BudgetNames> of(Collection<PeriodKey> keys) {
        var all = keys.stream().map(PeriodKey::budget).distinct().toList();
        var parts = new ArrayList<BudgetNames>();
        for (int from = 0; from < all.size(); from += PLACES) {
            parts.add(new BudgetNames(all.subList(from, Math.min(all.size(), from + PLACES))));
        }
        return parts;
    }

    /** Sets twenty parameters. A place that is not needed repeats the last name. */
    void set(PreparedStatement statement, int at) throws SQLException {
        for (int i = 0; i < PLACES; i++) {
            statement.setString(at + i, names.get(Math.min(i, names.size() - 1)));
        }
    }
}
