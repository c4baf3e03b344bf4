package dev.warder.quota;

/**
 * The part of each limit that this node gets without asking the database. Not thread-safe: {@link NodeLimits} has the lock.
 */
final class Sharing {
    private final boolean alone;

    /** Whether the database cannot be used. */
    boolean away;

    /** Whether this node gives back what it has. */
    boolean ending;

    /** How many nodes use the database, from 1. */
    int nodes = 1;

    private Sharing(boolean alone) {
        this.alone = alone;
    }

    static Sharing alone() {
        return new Sharing(true);
    }

    static Sharing byDatabase() {
        return new Sharing(false);
    }

    boolean isShared() {
        return !alone;
    }

    boolean asks() {
        return !alone && !away;
    }

    /**
     * The part that this node has without the database: nothing while that can be asked, otherwise that of one node of
     * all.
     */
    double part() {
        return asks() ? 0 : partOfNode();
    }

    double partOfNode() {
        return 1.0 / nodes;
    }
}
