package dev.warder.policy;

import dev.warder.database.Statements;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The statements on {@code warder_audit}. The caller owns the transaction. */
public final class AuditTable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.warder.audit");

    private static final String INSERT =
            """
            INSERT INTO warder_audit (number, made_at, actor, address, request_id, action, subject, content_before, content_after,
                previous_hash, hash)
            VALUES (:number, :at, :actor.name, :actor.address, :actor.requestId, :item.action, :item.subject, :item.before,
                :item.after, :previousHash, :hash)
            """;
    private static final String SELECT =
            """
            SELECT number, made_at AS at, actor AS name, address, request_id, action, subject, content_before AS before,
                content_after AS after, previous_hash, hash
            FROM warder_audit WHERE number\
            """;
    private static final String AFTER = SELECT + " > ? ORDER BY number FETCH FIRST ? ROWS ONLY";
    private static final String LATEST =
            SELECT + " < ? AND LOWER(subject) LIKE ? ESCAPE '!' ORDER BY number DESC FETCH FIRST ? ROWS ONLY";
    private static final String LIMITS = SELECT
            + " < ? AND (subject = 'organization' OR subject LIKE 'client/%' OR subject LIKE 'team/%'"
            + " OR subject LIKE 'increase!_request/%' ESCAPE '!') ORDER BY number DESC FETCH FIRST ? ROWS ONLY";
    private static final String LINES = "SELECT number, hash, action || ' ' || subject AS change FROM warder_audit"
            + " WHERE number > ? AND number <= ? ORDER BY number";
    private static final String HASHES = "SELECT hash FROM warder_audit WHERE number IN (<numbers>)";
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
            Handle handle, AuditEntry.Actor actor, List<AuditEntry.Item> items, Instant at, long number, String hash) {
        var entries = new ArrayList<AuditEntry>();
        String previous = number == 0 ? AuditEntry.FIRST : hash;
        for (var item : items) {
            var entry = AuditEntry.of(number + entries.size() + 1, at, actor, item, previous);
            entries.add(entry);
            previous = entry.hash();
        }
        Statements.batch(handle, INSERT, entries);
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
    public static List<AuditEntry> after(Handle handle, long number, int most) {
        return handle.select(AFTER, number, most).mapTo(AuditEntry.class).list();
    }

    /** The entries after a number, up to another one, in order. */
    static List<AuditMark.Line> lines(Handle handle, long after, long last) {
        return handle.select(LINES, after, last).mapTo(AuditMark.Line.class).list();
    }

    /** The hashes of the entries with these numbers, of which there is at least one. */
    static Set<String> hashes(Handle handle, List<Long> numbers) {
        var query = handle.createQuery(HASHES).bindList("numbers", Statements.filled(numbers));
        return query.mapTo(String.class).set();
    }

    /**
     * The entries before a number, the newest first.
     *
     * @param part a part of the subject, regardless of the case of letters; empty for all
     * @param most how many at most
     */
    public static List<AuditEntry> before(Handle handle, long number, String part, int most) {
        return handle.select(LATEST, number, pattern(part), most)
                .mapTo(AuditEntry.class)
                .list();
    }

    /**
     * The entries before a number, the newest first, whose subjects have spend limits or had asked for them: clients, teams,
     * the organization and requests for higher limits, which earlier versions had.
     *
     * @param most how many at most
     */
    public static List<AuditEntry> ofLimits(Handle handle, long number, int most) {
        return handle.select(LIMITS, number, most).mapTo(AuditEntry.class).list();
    }

    public static long count(Handle handle, String part) {
        return handle.select(COUNT, pattern(part)).mapTo(long.class).one();
    }

    private static String pattern(String part) {
        return "%"
                .concat(part.toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0"))
                .concat("%");
    }
}
