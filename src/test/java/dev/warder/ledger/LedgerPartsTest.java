package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.ConfigException;
import dev.warder.config.Sources;
import dev.warder.database.DatabaseSettings;
import dev.warder.database.FolderLock;
import dev.warder.ledger.journal.LedgerEnvironment;
import dev.warder.testkit.LogCapture;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
}
