package dev.warder.quota.rate;

/**
 * The part of each limit that this node gets without asking the database. Not thread-safe: {@link Limits} has the lock.
 */
final class Sharing {
    private final boolean alone;
    private boolean away;
    private boolean ending;
    private int nodes = 1;

    private Sharing(boolean alone) {
        this.alone = alone;
    }

    /** For a node that shares its limits with no other. */
    static Sharing alone() {
        return new Sharing(true);
    }

    /** For a node whose database divides the limits among several. */
    static Sharing byDatabase() {
        return new Sharing(false);
    }

    /** Whether the database divides the limits, though perhaps not now. */
    boolean isShared() {
        return !alone;
    }

    /** Whether the database is to be asked. */
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

    /** The part of one node of all. */
    double partOfNode() {
        return 1.0 / nodes;
    }

    /** Whether the database cannot be used. */
    void away(boolean now) {
        away = now;
    }

    /** @param now how many nodes use the database, from 1 */
    void nodes(int now) {
        nodes = now;
    }

    /** This node stops: it keeps nothing. */
    void end() {
        ending = true;
    }

    /** Whether this node stops. */
    boolean isEnding() {
        return ending;
    }
}
