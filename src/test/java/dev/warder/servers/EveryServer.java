package dev.warder.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The contract on each server and Java release; without {@code mvn -Pservers} none of them is asked for. One run works at
 * a time, while others wait in their silent streams.
 */
@Execution(ExecutionMode.CONCURRENT)
class EveryServer {
    /** That what {@code -Dservers} and {@code -Dservers.jdks} ask for is run. */
    @Nested
    @Tag("servers")
    class Choice {
        /** Where the build runs other tests, {@code -Dit.test} may lead here too. */
        @BeforeEach
        final void servesServers() {
            assumeFalse(
                    Run.list("warder.servers").equals(List.of("none")), "the servers have an execution of their own");
        }

        @Test
        void namesServersThatThereAre() {
            assertThat(Run.ALL)
                    .extracting(run -> run.server().name())
                    .as("the names in -Dservers")
                    .containsAll(Run.list("warder.servers"));
        }

        @Test
        void runsEachServerThatIsChosen() {
            assertThat(Run.ALL.stream().filter(Run::wanted).map(run -> run.server()
                            .name()))
                    .as("servers with a run on one of the JDKs in -Dservers.jdks, of " + Run.ALL)
                    .isNotEmpty()
                    .containsAll(Run.list("warder.servers"));
        }

        /** Without the profile a missing JDK is said, and no failure: the machine of a contributor may have another. */
        @Test
        void hasTheJdksThatAreChosen() throws Exception {
            var wanted = Run.ALL.stream().filter(Run::wanted).toList();
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
                    .hasSameSizeAs(Run.ALL);
        }
    }

    @Nested
    class GlassFish7On17 extends ServerContract {}

    @Nested
    class GlassFish8On25 extends ServerContract {}

    @Nested
    class JettyOn17 extends ServerContract {}

    @Nested
    class JettyOn25 extends ServerContract {}

    @Nested
    class LibertyOn17 extends ServerContract {}

    @Nested
    class PayaraOn17 extends ServerContract {}

    @Nested
    class Tomcat10On17 extends ServerContract {}

    @Nested
    class Tomcat10On25 extends ServerContract {}

    @Nested
    class Tomcat11On17 extends ServerContract {}

    @Nested
    class Tomcat11On25 extends ServerContract {}

    @Nested
    class WildFlyOn17 extends ServerContract {}
}
