package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Sources;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RemovalTimeTest {
    /** Of the 5 s that operators may rely on, half is for reading the file and for a busy machine. */
    private static final Duration LONGEST = Duration.ofMillis(2500);

    @Test
    void looksAtFilesAndAtRequestsOftenEnoughToEndTheAccessOfAClientIn5Seconds() {
        long sweep = Schedule.sweepMillis(new Sources().read().proxy());
        assertThat(Duration.ofMillis(Gateway.FILES_MILLIS + sweep)).isLessThanOrEqualTo(LONGEST);
    }
}
