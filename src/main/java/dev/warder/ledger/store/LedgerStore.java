package dev.warder.ledger.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where rows are kept. Calls may wait for a database. Thread-safe. */
public interface LedgerStore {
    /** The lines of a page. */
    int LINES = 200;

    /** The most of {@link #shares}. */
    int MOST_SHARES = 10;

    /** What a cost is shared by. */
    enum Shared {
        CLIENT,
        MODEL,
        SESSION
    }

    /**
     * Counts of requests as they are in the database.
     *
     * @param id of the counts; they are newer where this process still counts with the same id
     */
    record WrittenCounts(Instant starts, String id, Rollup.Counts counts) {}

    /**
     * A stored row: a value for each {@link Column}, in their order.
     *
     * @param values null where a row has no value
     */
    record Line(List<@Nullable Object> values) {
        @Nullable
        public Object get(Column column) {
            return values.get(column.index());
        }
    }

    /**
     * The position after a line.
     *
     * @param tryId may be empty, which is before all ids
     */
    record Position(Instant ended, String tryId, long part) {
        /** Before all rows that ended at {@code time} or later. */
        public static Position before(Instant time) {
            return new Position(time, "", -1);
        }

        /** The position after a line. */
        public static Position after(Line line) {
            return new Position(
                    (Instant) required(line.get(Column.ENDED_AT)), (String) required(line.get(Column.TRY_ID)), (Long)
                            required(line.get(Column.PART)));
        }

        private static Object required(@Nullable Object value) {
            if (value == null) {
                throw new IllegalStateException("a row has no key");
            }
            return value;
        }
    }

    /**
     * Stores the rows that are not there yet, and removes their intents.
     *
     * @return how many rows cannot be stored, now or later
     * @throws SQLException when the database fails; part of the rows may be stored, and all can be stored again
     */
    int store(List<Intent.Settled> settled) throws SQLException;

    /**
     * Gives back what killed runs had reserved of budgets and neither spent nor hold. It may be repeated.
     *
     * @throws SQLException when the database fails; part of it may be done
     */
    void giveBack(KilledRuns killed) throws SQLException;

    /**
     * Makes durable what was stored before, where the store does not do so at once.
     *
     * @throws SQLException when the database fails
     */
    void makeDurable() throws SQLException;

    /** The next lines in the order of their ends, as many as fit into the memory of a page; empty after the last one. */
    List<Line> page(Position after, Instant to) throws SQLException;

    /** The counts of requests of a period that were written. */
    List<WrittenCounts> counts(LedgerPeriod period) throws SQLException;

    /** The slots of a period that have rows, in ascending order. */
    List<LedgerReport.UsageSlot> usage(LedgerPeriod period) throws SQLException;

    /** Those with the highest cost of a period, at most {@link #MOST_SHARES}, the highest first. */
    List<LedgerReport.Share> shares(LedgerPeriod period, Shared by) throws SQLException;
}
