package dev.warder.reconciliation.store;

import dev.warder.budget.lease.Adjustments;
import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Books differences. The caller owns the transaction, in a database with the tables of reconciliation. */
public final class Bookings {
    private static final String REASON = "reconciliation";

    private Bookings() {}

    /**
     * What was booked.
     *
     * @param lines those with an open difference, as they were before
     * @param openOfDay what was open of all lines of the day before, in nano-dollars
     */
    public record Booked(List<ReconciliationLine> lines, long openOfDay) {
        /** Copies the list. */
        public Booked {
            lines = List.copyOf(lines);
        }

        /** The sum of the bookings, in nano-dollars. */
        public long nanos() {
            return sum(lines, ReconciliationLine::open);
        }
    }

    /**
     * Books what is open of some lines, and charges the sum to periods. The day is locked until the end of the transaction.
     *
     * @param periods those of the organization's budgets
     * @return empty for a day that was not compared
     */
    public static Optional<Booked> book(Connection connection, BookingRequest request, Set<PeriodKey> periods)
            throws SQLException {
        var day = request.day();
        if (DayTable.lock(connection, day).isEmpty()) {
            return Optional.empty();
        }
        var all = LineTable.read(connection, day, day, ReconciliationStore.MOST);
        var open = all.stream()
                .filter(line -> request.covers(line.id()) && line.open() != 0)
                .toList();
        AdjustmentTable.insert(connection, open, request.reason(), request.by());
        LineTable.update(
                connection,
                open.stream()
                        .map(line -> new ReconciliationLine(
                                line.id(), line.sides(), line.sides().difference(), line.bookings() + 1))
                        .toList());
        var booked = new Booked(open, sum(all, ReconciliationLine::open));
        Adjustments.add(connection, periods, REASON, booked.nanos());
        return Optional.of(booked);
    }

    private static long sum(List<ReconciliationLine> lines, ToLongFunction<ReconciliationLine> number) {
        return lines.stream().mapToLong(number).reduce(0, Math::addExact);
    }
}
