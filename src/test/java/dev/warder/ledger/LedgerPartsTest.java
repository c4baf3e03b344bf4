package dev.warder.ledger;

import static dev.warder.testkit.Sql.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.ConfigException;
import dev.warder.config.Sources;
import dev.warder.database.DatabaseSettings;
import dev.warder.database.FolderLock;
import dev.warder.ledger.store.Backlog;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.LedgerEnvironment;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.Preceded;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LedgerPartsTest {
    @TempDir
    private Path folder = Path.of("");

    private LedgerParts open(LongSupplier nanoTime) {
        var place = new DatabaseSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(folder));
        var around = new LedgerEnvironment(Thread::new, InstantSource.system(), nanoTime);
        return LedgerParts.inDatabase(new LedgerSettings(Duration.ofDays(1)), place, new JdbcDataSource(), around);
    }

    @Test
    void warnsOfRowsInMemoryExceptInTheDemo() {
        var place = new DatabaseSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        var around = new LedgerEnvironment(Thread::new, InstantSource.system(), System::nanoTime);
        var warnings = new ArrayList<Integer>();
        for (var retention : List.of("1d", LedgerSettings.DEMO)) {
            var settings = Sources.with("ledger.retention", retention).read().ledger();
            try (var log = LogCapture.start()) {
                LedgerParts.inDatabase(settings, place, new JdbcDataSource(), around);
                warnings.add(
                        log.lines(LedgerParts.class.getName(), Level.WARNING).size());
            }
        }
        assertThat(warnings).containsExactly(1, 0);
    }

    @Test
    void waitsForADeploymentThatEnds() throws Exception {
        var other = FolderLock.of(folder.resolve("journal")).orElseThrow();
        var looks = new AtomicLong();
        var parts = open(() -> {
            if (looks.incrementAndGet() == 2) {
                other.close();
            }
            return looks.get();
        });
        var journal = parts.journal().orElseThrow();
        journal.stopWriting();
        journal.close();
    }

    @Test
    void refusesAFolderThatStaysInUse() throws Exception {
        try (var other = FolderLock.of(folder.resolve("journal")).orElseThrow()) {
            assertThat(other).isNotNull();
            var seconds = new AtomicLong();
            assertThatThrownBy(() -> open(() -> seconds.getAndAdd(8) * 1_000_000_000L))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("data.dir");
            assertThat(seconds).hasValue(24);
        }
    }

    @Nested
    class QueueBacklogTest {
        private final Backlog.InMemory backlog = new Backlog.InMemory();

        private List<Intent.Settled> all() {
            var all = new ArrayList<Intent.Settled>();
            boolean last = false;
            while (!last) {
                var batch = backlog.next();
                all.addAll(batch.settled());
                last = batch.last();
                backlog.stored();
            }
            return all;
        }

        @Test
        void takesAFixedNumberOfRequests() {
            int taken = 0;
            while (backlog.add(Rows.settled(Rows.row()))) {
                taken++;
            }
            assertThat(taken).isEqualTo(Backlog.InMemory.LIMIT);
            assertThat(all()).hasSize(taken);
            assertThat(all()).isEmpty();
            assertThat(backlog.add(Rows.settled(Rows.row()))).isTrue();
        }
    }

    /** When the ledger asks a database again that has failed. */
    @Nested
    class LedgerRetryTest {
        @RegisterExtension
        private final H2Memory h2 = new H2Memory();

        @Test
        void asksAtOnceAtTheEnd() {
            var away = new AtomicBoolean(true);
            var backlog = new Backlog.InMemory();
            Preceded.Before fails = method -> {
                if (away.get()) {
                    throw new SQLException("away", "08001");
                }
            };
            var store = new DatabaseStore(Preceded.by(fails, DataSource.class, h2.database()), "node");
            var writer = new LedgerWriter(store, backlog, nanoTime -> {}, () -> 0);
            assertThat(backlog.add(Rows.settled(Rows.row()))).isTrue();
            assertThat(writer.tick()).isFalse();
            away.set(false);
            assertThat(writer.tick()).isFalse();
            assertThat(writer.stored()).isZero();
            writer.retryNow();
            assertThat(writer.tick()).isTrue();
            assertThat(writer.stored()).isEqualTo(1);
        }

        /** H2 keeps commits in memory for an hour; a copy of its file is what a kill would leave. */
        @Test
        void makesRowsDurableBeforeTheJournalDeletesThem() throws Exception {
            var source = new JdbcDataSource();
            String url = "jdbc:h2:file:" + folder;
            source.setURL(url + "/db;WRITE_DELAY=3600000;DB_CLOSE_DELAY=10");
            InvocationHandler keepsStored = (self, method, arguments) -> switch (method.getName()) {
                case "next" -> new Backlog.Batch(List.of(Rows.settled(Rows.row())), true);
                case "durable" -> Files.copy(folder.resolve("db.mv.db"), folder.resolve("killed.mv.db"));
                default -> true;
            };
            var backlog = (Backlog)
                    Proxy.newProxyInstance(Backlog.class.getClassLoader(), new Class<?>[] {Backlog.class}, keepsStored);
            new LedgerWriter(new DatabaseStore(source, "node"), backlog, nanoTime -> {}, () -> 0).tick();
            source.setURL(url + "/killed");
            assertThat(number(source, "SELECT COUNT(*) FROM warder_ledger")).isEqualTo(1);
        }
    }
}
