package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.gate.Gate;
import dev.warder.gate.Inquiry;
import dev.warder.gate.Verdict;
import dev.warder.testkit.LogCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.junit.jupiter.api.Test;

class ModulesTest {
    private final List<String> done = new ArrayList<>();
    private final Modules modules = new Modules();

    @Test
    void startsInOrderAndStopsInTheReverseOrder() {
        for (var name : List.of("first", "second", "third")) {
            modules.add(
                    Module.named(name).starts(() -> done.add("starts " + name)).stops(() -> done.add("stops " + name)));
        }
        modules.start(new ServletContextHandler("/started").getServletContext());
        modules.stop();
        assertThat(done)
                .containsExactly(
                        "starts first", "starts second", "starts third", "stops third", "stops second", "stops first");
    }

    @Test
    void stopsAllModulesAlsoAfterOneThatFails() {
        modules.add(Module.named("the first").stops(() -> done.add("first")))
                .add(Module.named("the second").stops(() -> {
                    throw new IllegalStateException("a fault of the test");
                }))
                .add(Module.named("the third").stops(() -> {
                    throw new NoClassDefFoundError("a fault of the test");
                }))
                .add(Module.named("the last").stops(() -> done.add("last")));
        try (var log = LogCapture.start()) {
            modules.stop();
            assertThat(done).containsExactly("last", "first");
            assertThat(log.lines("dev.warder.Modules", Level.SEVERE))
                    .extracting(line -> line.text())
                    .satisfiesExactly(
                            text -> assertThat(text).startsWith("Failed to close the third"),
                            text -> assertThat(text).startsWith("Failed to close the second"));
        }
    }

    @Test
    void stopsTheOthersAfterAFailureThatCannotBeLogged() {
        modules.add(Module.named("the first").stops(() -> done.add("first")))
                .add(Module.named("the last").stops(() -> {
                    throw new IllegalStateException("a fault of the test");
                }));
        var broken = new BrokenLog();
        Logger.getLogger("").addHandler(broken);
        try {
            modules.stop();
        } finally {
            Logger.getLogger("").removeHandler(broken);
        }
        assertThat(broken.reached).isTrue();
        assertThat(done).containsExactly("first");
    }

    @Test
    void asksGatesByTheirTurnsAndNotInTheOrderOfTheirModules() {
        Gate ledger = new Granting();
        Gate budgets = new Granting();
        Gate added = new Granting();
        Gate alsoAdded = new Granting();
        modules.add(Module.named("the ledger").gate(Module.Turn.LEDGER, ledger))
                .add(Module.named("others").gate(Module.Turn.ADDED, added).gate(Module.Turn.ADDED, alsoAdded))
                .add(Module.named("budgets").gate(Module.Turn.BUDGETS, budgets));
        assertThat(modules.gates()).containsExactly(budgets, added, alsoAdded, ledger);
    }

    private static final class Granting implements Gate {
        @Override
        public Needs needs() {
            return Needs.HEAD;
        }

        @Override
        public Verdict ask(Inquiry inquiry) {
            return Verdict.granted();
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
