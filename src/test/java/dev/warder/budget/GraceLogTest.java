package dev.warder.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.LogCapture;
import dev.warder.testkit.LogLine;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators read of the grace. */
class GraceLogTest {
    private final LogCapture capture = LogCapture.start();
    private final AtomicLong used = new AtomicLong();
    private final GraceLog log = new GraceLog(5_000_000_000L, used::get);

    @AfterEach
    void close() {
        capture.close();
    }

    @Test
    void reportsTheSumOverAllNodesOnce() {
        log.beat(3);
        log.beat(4);
        assertThat(warnings())
                .containsExactly(
                        "Budgets: while the database cannot be used, each node may spend 5 US dollars beyond what it has"
                                + " reserved (budget.grace); with 3 live nodes that is 15 US dollars");
    }

    @Test
    void writesAmountsAsTheSettingHasThem() {
        new GraceLog(100_500_000_000L, used::get).beat(1);
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("spend 100.5 US dollars")
                .endsWith("with 1 live node that is 100.5 US dollars");
    }

    @Test
    void reportsTheFirstUseOfEachOutage() {
        log.looked(true);
        used.set(1_250_000_000);
        log.looked(true);
        used.set(2_000_000_000);
        log.looked(true);
        log.looked(false);
        assertThat(warnings()).containsExactly("Budgets: spending from budget.grace; 1.25 of 5 US dollars are used");
        used.set(0);
        log.looked(false);
        used.set(10_000_000);
        log.looked(true);
        assertThat(warnings()).hasSize(2);
    }

    @Test
    void reportsNothingWithoutAGrace() {
        var none = new GraceLog(0, used::get);
        used.set(1);
        none.beat(1);
        none.looked(true);
        assertThat(warnings()).isEmpty();
    }

    private List<String> warnings() {
        return capture.lines("dev.warder.budget", Level.WARNING).stream()
                .map(LogLine::text)
                .toList();
    }
}
