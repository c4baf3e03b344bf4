package dev.warder.ledger.lease;

import dev.warder.ledger.store.PeriodKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The key of a period, and times, as values of columns. */
final class Keys {
    private Keys() {}

    static void set(PreparedStatement statement, int at, PeriodKey key) throws SQLException {
        statement.setString(at, key.budget());
        statement.setObject(at + 1, time(key.start()));
    }

    static PeriodKey read(ResultSet rows, int at) throws SQLException {
        return new PeriodKey(
                rows.getString(at), rows.getObject(at + 1, OffsetDateTime.class).toInstant());
    }

    static OffsetDateTime time(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
    }

    static @Nullable Instant instant(ResultSet rows, int at) throws SQLException {
        var time = rows.getObject(at, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
