package dev.warder.contract;

import dev.warder.testkit.Turns;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Mutated paths and odd methods, in two context paths; {@link PathProbe} says what holds. */
@OnEachContainer
@Tag("turn-4")
class PathCorpusContract extends GroundContract {
    private static final int COUNT = Boolean.getBoolean("warder.long") ? 100_000 : Turns.of(2_000, 10_000);

    @BeforeEach
    final void logLittle() {
        log.level("dev.warder", Level.WARNING).level("org", Level.WARNING);
    }

    @Test
    void leadsWhereItWasDecidedOrNowhere() throws Exception {
        var gateways = List.of(
                ground.container().baseUri(),
                ground.container("", ground.usual()).baseUri());
        try (var probe = new PathProbe(gateways, upstream)) {
            probe.send(COUNT);
        }
    }
}
