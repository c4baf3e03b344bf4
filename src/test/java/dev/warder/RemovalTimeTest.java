package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Sources;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RemovalTimeTest {
    /** Of the 5 s that operators may rely on, the rest is for a file, a database and a busy machine. */
    private static final Duration LONGEST = Duration.ofMillis(2500);

    private static final Duration LONGEST_OF_ANOTHER_NODE = Duration.ofSeconds(4);

    @Test
    void looksAtFilesAndAtRequestsOftenEnoughToEndTheAccessOfAClientIn5Seconds() {
        long sweep = Schedule.sweepMillis(new Sources().read().proxy());
        assertThat(Duration.ofMillis(AccessModules.FILES_MILLIS + sweep)).isLessThanOrEqualTo(LONGEST);
    }

    /** One node stores a version that it has read, another one reads it. */
    @Test
    void looksAtTheVersionsOfOtherNodesOftenEnough() {
        assertThat(Duration.ofMillis(AccessModules.FILES_MILLIS + 2 * AccessModules.VERSIONS_MILLIS))
                .isLessThanOrEqualTo(LONGEST_OF_ANOTHER_NODE);
    }
}
