package dev.warder.policy;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The statements on {@code warder_audit}. The caller owns the transaction. */
public final class AuditTable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.warder.audit");

    private static final String COLUMNS = "number, made_at, actor, address, request_id, action, subject,"
            + " content_before, content_after, previous_hash, hash";
    private static final String INSERT =
            "INSERT INTO warder_audit (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String SELECT =
            "SELECT " + COLUMNS + " FROM warder_audit WHERE number > ? ORDER BY number FETCH FIRST ? ROWS ONLY";
    private static final String SELECT_LATEST = "SELECT " + COLUMNS + " FROM warder_audit"
            + " WHERE number < ? AND LOWER(subject) LIKE ? ESCAPE '!' ORDER BY number DESC FETCH FIRST ? ROWS ONLY";
    private static final String SELECT_LIMITS = "SELECT " + COLUMNS + " FROM warder_audit"
            + " WHERE number < ? AND (subject = 'organization' OR subject LIKE 'client/%' OR subject LIKE 'team/%'"
            + " OR subject LIKE 'increase!_request/%' ESCAPE '!') ORDER BY number DESC FETCH FIRST ? ROWS ONLY";
    private static final String COUNT = "SELECT COUNT(*) FROM warder_audit WHERE LOWER(subject) LIKE ? ESCAPE '!'";
    private static final int MOST_LOGGED = 100;

    private AuditTable() {}

    /**
     * Appends entries for a change, and returns them. No other transaction may append at the same time.
     *
     * @param number that of the last entry; 0 before the first one
     * @param hash that of the last entry
     */
    public static List<AuditEntry> append(
            Connection connection, Actor actor, List<AuditItem> items, Instant at, long number, String hash)
            throws SQLException {
        var entries = new ArrayList<AuditEntry>();
        String previous = number == 0 ? AuditEntry.FIRST : hash;
        for (var item : items) {
            var entry = AuditEntry.of(number + entries.size() + 1, at, actor, item, previous);
            entries.add(entry);
            previous = entry.hash();
        }
        Statements.batch(connection, INSERT, entries, AuditTable::values);
        return entries;
    }

    /** Logs entries whose transaction was committed, without the contents, which may be long. */
    public static void log(List<AuditEntry> entries) {
        entries.stream().limit(MOST_LOGGED).forEach(AuditTable::log);
        if (entries.size() > MOST_LOGGED) {
            LOG.info("{} more entries until this one:", entries.size() - MOST_LOGGED - 1);
            log(entries.get(entries.size() - 1));
        }
    }

    private static Object[] values(AuditEntry entry) {
        var actor = entry.actor();
        var item = entry.item();
        return new Object[] {
            entry.number(),
            Statements.exactTime(entry.at()),
            actor.name(),
            actor.address(),
            actor.requestId(),
            item.action(),
            item.subject(),
            item.before(),
            item.after(),
            entry.previousHash(),
            entry.hash()
        };
    }

    private static void log(AuditEntry entry) {
        LOG.info(
                "number={} id={} by={} from={} action={} subject={} hash={}",
                entry.number(),
                entry.actor().requestId(),
                entry.actor().name(),
                entry.actor().address(),
                entry.item().action(),
                entry.item().subject(),
                entry.hash());
    }

    /**
     * The entries after a number, in order.
     *
     * @param most how many at most
     */
    public static List<AuditEntry> after(Connection connection, long number, int most) throws SQLException {
        return Statements.list(connection, SELECT, AuditTable::entry, number, most);
    }

    /**
     * The entries before a number, the newest first.
     *
     * @param part a part of the subject, regardless of the case of letters; empty for all
     * @param most how many at most
     */
    public static List<AuditEntry> before(Connection connection, long number, String part, int most)
            throws SQLException {
        return Statements.list(connection, SELECT_LATEST, AuditTable::entry, number, pattern(part), most);
    }

    /**
     * The entries before a number, the newest first, whose subjects have spend limits or had asked for them: clients, teams,
     * the organization and requests for higher limits, which earlier versions had.
     *
     * @param most how many at most
     */
    public static List<AuditEntry> ofLimits(Connection connection, long number, int most) throws SQLException {
        return Statements.list(connection, SELECT_LIMITS, AuditTable::entry, number, most);
    }

    public static long count(Connection connection, String part) throws SQLException {
        return Statements.first(connection, COUNT, row -> row.getLong(1), pattern(part))
                .orElseThrow();
    }

    private static String pattern(String part) {
        return "%"
                .concat(part.toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0"))
                .concat("%");
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getLong(1),
                Statements.time(row, 2),
                new Actor(row.getString(3), row.getString(4), row.getString(5)),
                new AuditItem(row.getString(6), row.getString(7), row.getString(8), row.getString(9)),
                row.getString(10),
                row.getString(11));
    }
}
