package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.database.DatabaseSettings;
import dev.warder.ledger.journal.LedgerEnvironment;
import dev.warder.ledger.store.ChargeLookup;
import dev.warder.ledger.store.LedgerPeriod;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Preceded;
import dev.warder.usage.DocumentReads;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class LedgerExportTest {
    private static final String INCOMPLETE = LineFormat.JSONL.incomplete();
    private static final Instant FAR = Instant.parse("2200-01-01T00:00:00Z");

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final AtomicLong nanos = new AtomicLong();

    private Ledger ledger(DataSource source) {
        var around = new LedgerEnvironment(Thread::new, InstantSource.system(), nanos::get);
        var place = new DatabaseSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return new Ledger(
                LedgerParts.inDatabase(new LedgerSettings(Duration.ofDays(400)), place, source, around),
                around,
                ChargeLookup.NONE);
    }

    private static LedgerExport export(Ledger ledger) {
        return ledger.export(LineFormat.JSONL, Instant.EPOCH, FAR);
    }

    /** The database, each use of which begins with this. */
    private DataSource after(Preceded.Before work) {
        return Preceded.by(work, DataSource.class, h2.database());
    }

    @Test
    void endsAsIncompleteBeforeTheLimitOfTheResponse() throws Exception {
        try (var ledger = ledger(h2.database())) {
            var export = export(ledger);
            assertThat(export.next().get(20, TimeUnit.SECONDS)).isEmpty();
            nanos.set(Duration.ofMinutes(14).toNanos());
            assertThat(export.next()).isCompletedWithValue(INCOMPLETE);
            assertThat(export.next()).isCompletedWithValue("");
            assertThat(export.failed()).isTrue();
        }
    }

    @Test
    void endsAsIncompleteAfterAnError() {
        var broken = after(method -> {
            throw new LinkageError("as after an undeployment");
        });
        var reads = new DocumentReads(1, Thread::new);
        var export = new LedgerExport(
                new DatabaseStore(broken, "node"), reads, nanos::get, LineFormat.JSONL, Instant.EPOCH, FAR);
        assertThat(export.next().join()).isEqualTo(INCOMPLETE);
    }

    @Test
    void endsAsIncompleteWhenTheLedgerCloses() throws Exception {
        var reading = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        var uses = new AtomicInteger();
        var ledger = ledger(after(method -> {
            if (uses.incrementAndGet() == 1) {
                reading.countDown();
                closed.await();
                throw new SQLException();
            }
        }));
        var first = export(ledger).next();
        reading.await();
        var hour = Instant.parse("2026-11-22T12:00:00Z");
        var period = new LedgerPeriod(hour, hour.plusSeconds(3600), Duration.ofMinutes(1), true);
        assertThat(ledger.report(period).get(20, TimeUnit.SECONDS).usage())
                .as("a report does not wait for an export")
                .isPresent();
        var second = export(ledger).next();
        ledger.close();
        int used = uses.get();
        assertThat(second).isCompletedWithValue(INCOMPLETE);
        closed.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(INCOMPLETE);
        assertThat(export(ledger).next()).isCompletedWithValue(INCOMPLETE);
        assertThat(uses).as("nothing is tried again").hasValue(used);
    }
}
