package dev.warder.reconciliation.store;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/** Reconciliation in the operator's database. Calls wait for it. Thread-safe. */
public final class ReconciliationStore {
    /** The most lines or adjustments of one list. */
    public static final int MOST = 20_000;

    private final RepeatableTransactions transactions;

    /** Opens no connection yet. */
    public ReconciliationStore(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.RECONCILIATION);
    }

    /**
     * What became of a look.
     *
     * @param saved whether the run still had the lease
     * @param changed whether numbers or the state differ from those of the look before
     */
    public record Saved(boolean saved, boolean changed, boolean settled, List<ReconciliationLine> lines) {
        private static final Saved FENCED = new Saved(false, false, false, List.of());

        /** Copies the list. */
        public Saved {
            lines = List.copyOf(lines);
        }
    }

    /** Takes the lease for three minutes, if no other run has it. Returns the time of day by the database's clock. */
    public Optional<Instant> take(UUID run) throws SQLException {
        return transactions.run(connection -> LookLease.take(connection, run));
    }

    /** Has the lease for another three minutes; false if it has ended. */
    public boolean renew(UUID run) throws SQLException {
        return transactions.run(connection -> LookLease.renew(connection, run));
    }

    /** Gives the lease back. */
    public void end(UUID run) throws SQLException {
        transactions.run(connection -> {
            LookLease.end(connection, run);
            return true;
        });
    }

    /** The day of the oldest row of the ledger. */
    public Optional<LocalDate> firstOfLedger() throws SQLException {
        return transactions.run(LedgerSums::first);
    }

    /** What these credentials used on a day, by the ledger; the side of the reports is empty. */
    public Map<LineId, Comparison> ledger(LocalDate day, Set<String> credentials) throws SQLException {
        return transactions.run(connection -> LedgerSums.of(connection, day, credentials));
    }

    /** The days between these, both inclusive, in their order. */
    public List<ReconciliationDay> days(LocalDate from, LocalDate to) throws SQLException {
        return transactions.run(connection -> DayTable.read(connection, from, to));
    }

    /** The lines of these days, the last day first; at most {@link #MOST}. */
    public List<ReconciliationLine> lines(LocalDate from, LocalDate to) throws SQLException {
        return transactions.run(connection -> LineTable.read(connection, from, to, MOST));
    }

    /** The bookings of these days, the last day first; at most {@link #MOST}. */
    public List<Adjustment> adjustments(LocalDate from, LocalDate to) throws SQLException {
        return transactions.run(connection -> AdjustmentTable.read(connection, from, to, MOST));
    }

    /** Keeps what a look has found, and what was booked before. */
    public Saved save(UUID run, DayLook look) throws SQLException {
        return transactions.run(connection -> LookLease.renew(connection, run) ? save(connection, look) : Saved.FENCED);
    }

    private static Saved save(Connection connection, DayLook look) throws SQLException {
        var before = DayTable.lock(connection, look.day());
        var known = new HashMap<LineId, ReconciliationLine>();
        LineTable.read(connection, look.day()).forEach(line -> known.put(line.id(), line));
        var lines = lines(look, known);
        boolean same = before.isPresent()
                && before.get().otherNanos() == look.otherNanos()
                && before.get().otherTokens() == look.otherTokens()
                && lines.stream().allMatch(line -> reportOf(known, line.id())
                        .equals(line.sides().report()))
                && lines.size() == known.size();
        boolean settled = DayRule.isSettled(look.day(), LookLease.now(connection), same);
        boolean changed = before.map(ReconciliationDay::settled).orElse(false) != settled
                || before.isEmpty()
                || !Set.copyOf(lines).equals(Set.copyOf(known.values()));
        write(connection, lines, known);
        DayTable.write(connection, look, settled, before.isEmpty());
        return new Saved(true, changed, settled, lines);
    }

    private static Side reportOf(Map<LineId, ReconciliationLine> known, LineId id) {
        var line = known.get(id);
        return line == null ? Side.NONE : line.sides().report();
    }

    /** A line that has disappeared stays if it was booked, with nothing on both sides. */
    private static List<ReconciliationLine> lines(DayLook look, Map<LineId, ReconciliationLine> known) {
        var lines = new ArrayList<ReconciliationLine>();
        look.lines().forEach((id, sides) -> {
            var line = known.get(id);
            lines.add(
                    line == null
                            ? new ReconciliationLine(id, sides, 0, 0)
                            : new ReconciliationLine(id, sides, line.booked(), line.bookings()));
        });
        known.values().stream()
                .filter(line -> !look.lines().containsKey(line.id()) && line.bookings() > 0)
                .map(line -> new ReconciliationLine(line.id(), Comparison.NONE, line.booked(), line.bookings()))
                .forEach(lines::add);
        lines.removeIf(line -> line.sides().isEmpty() && line.bookings() == 0);
        return lines;
    }

    private static void write(
            Connection connection, List<ReconciliationLine> lines, Map<LineId, ReconciliationLine> known)
            throws SQLException {
        var left = new HashMap<>(known);
        lines.forEach(line -> left.remove(line.id()));
        LineTable.update(
                connection,
                lines.stream().filter(line -> known.containsKey(line.id())).toList());
        LineTable.insert(
                connection,
                lines.stream().filter(line -> !known.containsKey(line.id())).toList());
        LineTable.delete(connection, left.keySet());
    }
}
