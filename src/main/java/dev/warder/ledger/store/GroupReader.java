package dev.warder.ledger.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads sums of the rows that the operator pays for, by slot of time and by {@link Dimension}. A reader has no memory for all
 * groups of a long period: its caller reads the period in pieces with a limited number of rows, and adds them.
 * Calls may wait for a database. Thread-safe.
 */
public interface GroupReader {
    /**
     * What is asked for.
     *
     * @param from the beginning of the first piece of time, inclusive; it may be within a slot
     * @param to its end, exclusive
     * @param slot the length of a slot; slots are multiples of it since 1970
     * @param by what rows of a slot are grouped by
     */
    record Query(Instant from, Instant to, Duration slot, Set<Dimension> by) {
        /** Copies the set. */
        public Query {
            by = Set.copyOf(by);
        }

        /** The beginning of the slot of this time. */
        public Instant slotOf(Instant time) {
            return starts(slotNumber(time));
        }

        /** The number since 1970 of the slot of this time. */
        public long slotNumber(Instant time) {
            return Math.floorDiv(time.getEpochSecond(), slot.toSeconds());
        }

        /** The beginning of the slot with this number since 1970. */
        public Instant starts(long number) {
            return Instant.ofEpochSecond(number * slot.toSeconds());
        }
    }

    /**
     * The sums of one group.
     *
     * @param starts the beginning of its slot
     * @param names in the order of {@link Dimension}; empty text where the rows have no name, and in what is not grouped by
     */
    record Group(Instant starts, List<String> names, GroupSums sums) {
        /** Copies the list. */
        public Group {
            names = List.copyOf(names);
        }

        /** The name in this dimension. */
        @SuppressWarnings("EnumOrdinal") // The names have this order.
        public String name(Dimension dimension) {
            return names.get(dimension.ordinal());
        }
    }

    /** Receives groups, one after the other, in no order; the same one may come several times. */
    @FunctionalInterface
    interface Groups {
        /** One more. */
        void add(Group group);
    }

    /**
     * Where a piece of a period can end that begins with it and has about {@code rows} rows; empty if the whole period has
     * not as many.
     *
     * @throws SQLException when the database cannot be read now
     */
    Optional<Instant> pieceEnd(Instant from, Instant to, int rows) throws SQLException;

    /**
     * Reads the groups of one piece.
     *
     * @throws SQLException when the database cannot be read now; part of the groups may have been given
     */
    void read(Query query, Groups groups) throws SQLException;
}
