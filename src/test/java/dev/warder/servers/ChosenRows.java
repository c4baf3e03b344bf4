package dev.warder.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That what {@code -Dservers} and {@code -Dservers.jdks} ask for is run. */
@Tag("servers")
abstract class ChosenRows {
    /** Where the build runs other tests, {@code -Dit.test} may lead here too. */
    @BeforeEach
    final void servesServers() {
        assumeFalse(Run.list("warder.servers").equals(List.of("none")), "the servers have an execution of their own");
    }

    @Test
    void namesServersThatThereAre() {
        assertThat(Rows.names()).as("the names in -Dservers").containsAll(Run.list("warder.servers"));
    }

    @Test
    void runsEachServerThatIsChosen() {
        assertThat(Rows.ALL.stream().filter(Run::wanted).map(run -> run.server().name()))
                .as("servers with a run on one of the JDKs in -Dservers.jdks, of " + Rows.ALL)
                .isNotEmpty()
                .containsAll(Run.list("warder.servers"));
    }

    /** Without the profile a missing JDK is said, and no failure: the machine of a contributor may have another. */
    @Test
    void hasTheJdksThatAreChosen() throws Exception {
        var wanted = Rows.ALL.stream().filter(Run::wanted).toList();
        var missing = new ArrayList<Run>();
        for (var run : wanted) {
            if (!run.possible()) {
                missing.add(run);
            }
        }
        if (Run.strict()) {
            assertThat(missing).as("runs without a JDK of theirs").isEmpty();
        } else if (!missing.isEmpty()) {
            System.out.println("[WARNING] Not tested, since there is no such JDK here: " + missing);
        }
    }

    @Test
    void hasATestForEveryRow() {
        assertThat(Stream.of(EveryServer.class.getDeclaredClasses()).filter(ServerContract.class::isAssignableFrom))
                .hasSameSizeAs(Rows.ALL);
    }
}
