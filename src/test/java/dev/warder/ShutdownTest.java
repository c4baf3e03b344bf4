package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.LogCapture;
import java.util.ArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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
                            text -> assertThat(text).startsWith("Failed to close the second"),
                            text -> assertThat(text).startsWith("Failed to close the third"));
        }
    }

    @Test
    void runsTheStepsAfterAFailureThatCannotBeLogged() {
        var done = new ArrayList<String>();
        var shutdown = new Shutdown()
                .then("the first", () -> {
                    throw new IllegalStateException("a fault of the test");
                })
                .then("the last", () -> done.add("last"));
        var broken = new BrokenLog();
        Logger.getLogger("").addHandler(broken);
        try {
            shutdown.run();
        } finally {
            Logger.getLogger("").removeHandler(broken);
        }
        assertThat(broken.reached).isTrue();
        assertThat(done).containsExactly("last");
    }

    @Test
    void closesPartsInTheirOrderAndNotInThatOfTheirCreation() {
        var done = new ArrayList<String>();
        var order = new ShutdownOrder();
        order.add(ShutdownOrder.Step.TELEMETRY, () -> done.add("telemetry"));
        order.add(ShutdownOrder.Step.LEDGER, () -> {
            throw new IllegalStateException("a fault of the test");
        });
        order.add(ShutdownOrder.Step.ADMISSION, () -> done.add("admission"));
        try (var log = LogCapture.start()) {
            order.run();
            assertThat(done).containsExactly("admission", "telemetry");
            assertThat(log.lines("dev.warder.Shutdown", Level.SEVERE))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).startsWith("Failed to close the ledger"));
        }
    }

    /** As on a server that can load no further class. */
    private static final class BrokenLog extends Handler {
        private boolean reached;

        @Override
        public void publish(LogRecord record) {
            reached = true;
            throw new NoClassDefFoundError("a fault of the test");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
