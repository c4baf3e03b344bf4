package dev.warder.testkit;

/**
 * The two forms of a test that takes long. The gate, {@code mvn verify}, runs its short form, which finds a fault that shows at once;
 * a slice, {@code mvn verify -Pturns -Dturn=N}, runs nothing but the tests that have the tag {@code turn-N}, and those in full.
 * Thread-safe.
 */
public final class Turns {
    private static final boolean IN_TURN =
            Integer.getInteger("warder.turn", 0) > 0 || Boolean.getBoolean("warder.long");

    private Turns() {}

    /** Whether a slice runs, and not the gate. */
    public static boolean inTurn() {
        return IN_TURN;
    }

    /** A number of the form that runs. */
    public static int of(int gate, int turn) {
        return IN_TURN ? turn : gate;
    }
}
