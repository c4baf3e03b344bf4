package dev.warder.frontends;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A contract whose tests share one front end before one node, of which each test finds the upstream as new. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RigContract implements Pair {
    /** What all tests stand on. */
    Rig rig;

    @BeforeAll
    final void start() throws Exception {
        rig = startRig();
    }

    @BeforeEach
    final void forget() {
        rig.upstream().clear();
    }

    @AfterAll
    final void close() throws Exception {
        // Null where a front end that is not installed was skipped.
        if (rig != null) {
            rig.close();
        }
    }

    /** Starts the pair; a contract that needs more than the usual says so here. */
    Rig startRig() throws Exception {
        return Rig.start(kind(), starter(), 1);
    }
}
