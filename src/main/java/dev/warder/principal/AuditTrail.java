package dev.warder.principal;

import dev.warder.policy.AuditEntry;
import dev.warder.policy.AuditTable;
import dev.warder.policy.PolicyFollower;
import java.sql.SQLException;
import java.util.List;

/** Reads the audit. All methods wait for the database. Thread-safe. */
public record AuditTrail(PolicyFollower follower) {
    /**
     * Some entries.
     *
     * @param found how many there are with the part of the subject that was searched for
     */
    public record Part(List<AuditEntry> entries, long found) {
        public Part {
            entries = List.copyOf(entries);
        }
    }

    /**
     * The entries after a number, in order.
     *
     * @param most how many at most
     */
    public List<AuditEntry> after(long number, int most) throws SQLException {
        return follower.read(connection -> AuditTable.after(connection, number, most));
    }

    /**
     * The entries before a number, the newest first.
     *
     * @param part a part of the subject, regardless of the case of letters; empty for all
     * @param most how many at most
     */
    public Part before(long number, String part, int most) throws SQLException {
        return follower.read(connection ->
                new Part(AuditTable.before(connection, number, part, most), AuditTable.count(connection, part)));
    }

    /**
     * The entries before a number, the newest first, whose subjects have spend limits, or had asked for them.
     *
     * @param most how many at most
     */
    public List<AuditEntry> ofLimits(long before, int most) throws SQLException {
        return follower.read(connection -> AuditTable.ofLimits(connection, before, most));
    }
}
