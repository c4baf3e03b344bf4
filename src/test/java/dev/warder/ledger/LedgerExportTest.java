package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.journal.Surroundings;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.LedgerPeriod;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerStore;
import dev.warder.ledger.store.LedgerWriter;
import dev.warder.ledger.store.Rollup;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LedgerExportTest {
    private static final String INCOMPLETE = LineFormat.JSONL.incomplete();

    private final AtomicLong nanos = new AtomicLong();

    private Ledger ledger(LedgerStore store) {
        var around = new Surroundings(Thread::new, InstantSource.system(), nanos::get);
        var backlog = new QueueBacklog();
        var parts = new LedgerParts(
                "node",
                store,
                store,
                new MemoryStore(),
                backlog,
                new LedgerWriter(store, backlog, now -> {}, nanos::get),
                new Rollup(InstantSource.system(), Duration.ZERO),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new Ledger(parts, around);
    }

    private static LedgerExport export(Ledger ledger) {
        return ledger.export(LineFormat.JSONL, Instant.EPOCH, Instant.parse("2200-01-01T00:00:00Z"));
    }

    /** A store of which only the pages are read. */
    private interface Pages extends LedgerStore {
        @Override
        default int store(List<Intent.Settled> settled) {
            return 0;
        }

        @Override
        default List<WrittenCounts> counts(LedgerPeriod period) {
            return List.of();
        }

        @Override
        default List<LedgerReport.UsageSlot> usage(LedgerPeriod period) {
            return List.of();
        }

        @Override
        default List<LedgerReport.Share> shares(LedgerPeriod period, Shared by) {
            return List.of();
        }
    }

    @Test
    void endsAsIncompleteBeforeTheLimitOfTheResponse() throws Exception {
        try (var ledger = ledger(new MemoryStore())) {
            var export = export(ledger);
            assertThat(export.next().get(20, TimeUnit.SECONDS)).isEmpty();
            nanos.set(Duration.ofMinutes(14).toNanos());
            assertThat(export.next()).isCompletedWithValue(INCOMPLETE);
            assertThat(export.next()).isCompletedWithValue("");
            assertThat(export.failed()).isTrue();
        }
    }

    @Test
    void endsAsIncompleteAfterAnError() throws Exception {
        Pages broken = (after, to) -> {
            throw new LinkageError("as after an undeployment");
        };
        try (var ledger = ledger(broken)) {
            assertThat(export(ledger).next().get(20, TimeUnit.SECONDS)).isEqualTo(INCOMPLETE);
        }
    }

    @Test
    void endsAsIncompleteWhenTheLedgerCloses() throws Exception {
        var reading = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        var reads = new AtomicInteger();
        Pages slow = (after, to) -> {
            reads.incrementAndGet();
            reading.countDown();
            try {
                closed.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            throw new SQLException();
        };
        var ledger = ledger(slow);
        var first = export(ledger).next();
        reading.await();
        var hour = Instant.parse("2026-11-22T12:00:00Z");
        var period = new LedgerPeriod(hour, hour.plusSeconds(3600), Duration.ofMinutes(1), true);
        assertThat(ledger.report(period).get(20, TimeUnit.SECONDS).usage())
                .as("a report does not wait for an export")
                .isPresent();
        var second = export(ledger).next();
        ledger.close();
        assertThat(second).isCompletedWithValue(INCOMPLETE);
        closed.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(INCOMPLETE);
        assertThat(reads).hasValue(1);
        assertThat(export(ledger).next()).isCompletedWithValue(INCOMPLETE);
    }
}
