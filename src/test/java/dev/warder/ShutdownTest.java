package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.LogCapture;
import java.util.ArrayList;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    @Test
    void runsEachStepInOrderAlsoAfterOneThatFails() {
        var done = new ArrayList<String>();
        var shutdown = new Shutdown()
                .then("the first", () -> done.add("first"))
                .then("the second", () -> {
                    throw new IllegalStateException("a fault of the test");
                })
                .then("the third", () -> {
                    throw new NoClassDefFoundError("a fault of the test");
                })
                .then("the last", () -> done.add("last"));
        try (var log = LogCapture.start()) {
            shutdown.run();
            assertThat(done).containsExactly("first", "last");
            assertThat(log.lines("dev.warder.Shutdown", Level.SEVERE))
                    .extracting(line -> line.text())
                    .satisfiesExactly(
                            text -> assertThat(text).startsWith("The stop of the second failed"),
                            text -> assertThat(text).startsWith("The stop of the third failed"));
        }
    }
}
