package dev.warder.reconciliation.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times as values of columns. */
final class Times {
    private Times() {}

    static OffsetDateTime start(LocalDate day) {
        return day.atStartOfDay().atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet rows, int at) throws SQLException {
        return rows.getObject(at, OffsetDateTime.class).toInstant();
    }

    static LocalDate day(ResultSet rows, int at) throws SQLException {
        return rows.getObject(at, LocalDate.class);
    }
}
