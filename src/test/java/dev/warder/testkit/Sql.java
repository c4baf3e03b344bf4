package dev.warder.testkit;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Statements of a test, in a connection of their own. */
public final class Sql {
    private Sql() {}

    /** Executes one after the other. */
    public static void execute(DataSource database, String... statements) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first column of the only row. */
    public static long number(DataSource database, String query) throws SQLException {
        var column = texts(database, query);
        if (column.size() != 1) {
            throw new SQLException(column.size() + " rows: " + query);
        }
        return Long.parseLong(column.get(0));
    }

    /** The first column of each row. */
    public static List<String> texts(DataSource database, String query) throws SQLException {
        var column = new ArrayList<String>();
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                column.add(String.valueOf(rows.getString(1)));
            }
        }
        return column;
    }
}
