package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import javax.sql.DataSource;

/** What is true of the tables of budgets at any time, and what an operator can select too. Stateless. */
public final class BudgetCheck {
    private static final String EXISTS =
            "SELECT COUNT(*) FROM information_schema.tables WHERE LOWER(table_name) = 'warder_budget_check'";

    private static final String DIFFERENCES =
            """
            SELECT budget, starts_at, leased_differs, unknown_differs, spent_differs FROM warder_budget_check
            WHERE leased_differs <> 0 OR unknown_differs <> 0 OR spent_differs <> 0
            """;

    private BudgetCheck() {}

    /** That the tables of this database agree, if it has them. */
    public static void agrees(DataSource source) throws SQLException {
        try (var connection = source.getConnection()) {
            agrees(connection);
        }
    }

    static void agrees(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            try (var found = statement.executeQuery(EXISTS)) {
                if (!found.next() || found.getInt(1) == 0) {
                    return;
                }
            }
            var differences = new ArrayList<String>();
            try (var rows = statement.executeQuery(DIFFERENCES)) {
                while (rows.next()) {
                    differences.add("%s from %s: leased %d, unknown %d, spent %d"
                            .formatted(
                                    rows.getString(1),
                                    rows.getString(2),
                                    rows.getLong(3),
                                    rows.getLong(4),
                                    rows.getLong(5)));
                }
            }
            assertThat(differences).as("warder_budget_check").isEmpty();
        }
    }
}
