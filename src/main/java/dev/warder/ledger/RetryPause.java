package dev.warder.ledger;

import dev.warder.database.SchemaException;
import java.time.Duration;

/**
 * How long to wait until the database is asked again after a failure. One thread at a time.
 *
 * <p>Tables that cannot be brought up to date may be those that another node is making, which takes some seconds, or those that
 * the user may not make. Then each attempt is work for nothing until an administrator has made them, so that the pause doubles.
 */
final class RetryPause {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Duration ofTables = SHORTEST;

    /** The pause after this failure. */
    Duration after(Exception failed) {
        return failed instanceof SchemaException ? afterTables() : SHORTEST;
    }

    /** The pause after an attempt to bring the tables up to date: 1 s, and twice as long each time, up to 60 s. */
    Duration afterTables() {
        var pause = ofTables;
        var next = pause.multipliedBy(2);
        ofTables = next.compareTo(LONGEST) < 0 ? next : LONGEST;
        return pause;
    }

    /** The database was used. */
    void reset() {
        ofTables = SHORTEST;
    }
}
