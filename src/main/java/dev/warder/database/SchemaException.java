package dev.warder.database;

import java.sql.SQLException;

/** The tables could not be brought up to date in time, although the database responds. */
public final class SchemaException extends SQLException {
    public static final String TEXT = "the tables in jdbc/warder cannot be brought up to date";

    SchemaException() {
        super(TEXT);
    }
}
