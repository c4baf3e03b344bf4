package dev.warder.ledger;

import static dev.warder.testkit.Sql.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Verdict;
import dev.warder.database.DatabaseSettings;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.LedgerEnvironment;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.testkit.H2Memory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The charges of a ledger to budgets, with a journal and without one. */
@Timeout(120)
class LedgerChargesTest {
    private static final Charged CHARGED =
            new Charged(new UUID(1, 2), List.of(new PeriodKey("organization/lifetime", Instant.EPOCH)));

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    @TempDir
    private Path folder = Path.of("");

    private Ledger start(Optional<Path> data) {
        var place = new DatabaseSettings(Optional.empty(), Optional.empty(), Optional.empty(), data);
        var around = new LedgerEnvironment(Thread::new, InstantSource.system(), System::nanoTime);
        var parts = LedgerParts.inDatabase(new LedgerSettings(Duration.ofDays(36_500)), place, h2.database(), around);
        var ledger = new Ledger(
                parts, around, request -> request.equals("charged") ? Optional.of(CHARGED) : Optional.empty());
        ledger.start();
        return ledger;
    }

    private static void run(Ledger ledger, String id, long nanos) throws Exception {
        var verdict = ledger.gate().map(gate -> gate.ask(Rows.inquiry(id, "POST", "/v1/messages")));
        if (verdict.isPresent() && verdict.get() instanceof Verdict.Later later) {
            assertThat(later.decision().toCompletableFuture().get()).isInstanceOf(Verdict.Granted.class);
        }
        ledger.completed(Rows.completed(id, Rows.costing(nanos, true)));
    }

    private long spent() throws Exception {
        assertThat(number(h2.database(), "SELECT spent_differs FROM warder_budget_check"))
                .isZero();
        return number(h2.database(), "SELECT spent FROM warder_budget_period");
    }

    @Test
    void chargesRequestsThatAreKnownToBudgets() throws Exception {
        for (var data : List.of(Optional.<Path>empty(), Optional.of(folder))) {
            try (var ledger = start(data)) {
                run(ledger, "charged", 40);
                run(ledger, "free", 500);
                ledger.completed(Rows.completed("charged", Rows.costing(2, true)));
            }
        }
        assertThat(spent()).isEqualTo(84);
    }
}
