package dev.warder.policy.store;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Writes many rows with few round trips. */
final class Batches {
    /** The limit of a statement's time is also that of a batch. */
    private static final int MOST = 500;

    private Batches() {}

    /** Sets the parameters of a statement, which are the same for an update and an insert. */
    interface Parameters<T> {
        void set(PreparedStatement statement, T row) throws SQLException;
    }

    /** Updates the rows that are there and inserts the others. */
    static <T> void write(Connection connection, String update, String insert, List<T> rows, Parameters<T> parameters)
            throws SQLException {
        for (int from = 0; from < rows.size(); from += MOST) {
            var part = rows.subList(from, Math.min(from + MOST, rows.size()));
            int[] updated = execute(connection, update, part, parameters);
            var missing = new ArrayList<T>();
            for (int i = 0; i < updated.length; i++) {
                if (updated[i] == 0) {
                    missing.add(part.get(i));
                }
            }
            execute(connection, insert, missing, parameters);
        }
    }

    private static <T> int[] execute(Connection connection, String sql, List<T> rows, Parameters<T> parameters)
            throws SQLException {
        try (var statement = Statements.limited(connection.prepareStatement(sql))) {
            for (var row : rows) {
                parameters.set(statement, row);
                statement.addBatch();
            }
            return rows.isEmpty() ? new int[0] : statement.executeBatch();
        }
    }
}
