package dev.warder.reconciliation.store;

import dev.warder.budget.lease.Adjustments;
import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Books differences of a day, which is locked until the end of the caller's transaction. One thread at a time, and only in that
 * transaction.
 */
public final class Bookings {
    private static final String REASON = "reconciliation";

    private final Connection connection;
    private final List<ReconciliationLine> lines;
    private final Set<PeriodKey> periods;

    private Bookings(Connection connection, List<ReconciliationLine> lines, Set<PeriodKey> periods) {
        this.connection = connection;
        this.lines = lines;
        this.periods = periods;
    }

    /**
     * What was booked.
     *
     * @param lines those with an open difference, as they were before
     */
    public record Booked(List<ReconciliationLine> lines) {
        /** Copies the list. */
        public Booked {
            lines = List.copyOf(lines);
        }

        /** The sum of the bookings, in nano-dollars. */
        public long nanos() {
            return lines.stream().mapToLong(ReconciliationLine::open).reduce(0, Math::addExact);
        }
    }

    /**
     * Locks a day.
     *
     * @param connection to a database with the tables of reconciliation
     * @param periods those of the organization's budgets, which are charged
     * @return empty for a day that was not compared
     */
    public static Optional<Bookings> of(Connection connection, LocalDate day, Set<PeriodKey> periods)
            throws SQLException {
        return DayTable.lock(connection, day).isEmpty()
                ? Optional.empty()
                : Optional.of(new Bookings(connection, LineTable.read(connection, day), periods));
    }

    /** What can be booked, see {@link DayVersion}. */
    public String version() {
        return DayVersion.of(lines);
    }

    /** Whether there are lines to which the request is limited, or it is not limited. */
    public boolean has(BookingRequest request) {
        return !request.isLimited() || lines.stream().anyMatch(line -> request.covers(line.id()));
    }

    /** Books what is open of some lines, and charges the sum; to be called once. */
    public Booked book(BookingRequest request) throws SQLException {
        var open = lines.stream()
                .filter(line -> request.covers(line.id()) && line.open() != 0)
                .toList();
        AdjustmentTable.insert(connection, open, request.reason(), request.by());
        LineTable.update(
                connection,
                open.stream()
                        .map(line -> new ReconciliationLine(
                                line.id(), line.sides(), line.sides().difference(), line.bookings() + 1))
                        .toList());
        var booked = new Booked(open);
        Adjustments.add(connection, periods, REASON, booked.nanos());
        return booked;
    }
}
