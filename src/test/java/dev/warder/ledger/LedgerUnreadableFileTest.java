package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Limit;
import dev.warder.testkit.LogCapture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A ledger whose journal has a file of an earlier run that cannot be read, such as a folder, which can only be opened. */
@Timeout(120)
@Tag("turn-2")
@Tag("turn-only")
class LedgerUnreadableFileTest {
    private static final String NAME = "000000000007.journal";
    private static final Duration LIMIT = Limit.seconds(15);

    private final JdbcDataSource source = new JdbcDataSource();

    @TempDir
    private Path folder = Path.of("");

    private Ledger ledger() {
        source.setURL("jdbc:h2:mem:unreadable;DB_CLOSE_DELAY=10");
        return SampleLedger.in(source, Duration.ofDays(36_500), Optional.of(folder));
    }

    private static void request(Ledger ledger, String id) {
        ledger.completed(Rows.completed(id, Rows.ofRequest(id)));
    }

    private static String exported(Ledger ledger) throws Exception {
        var export = ledger.export(LineFormat.CSV, Instant.EPOCH, StoreContract.FAR);
        var all = new StringBuilder();
        for (String part = export.next(); !part.isEmpty(); part = export.next()) {
            all.append(part);
        }
        return all.toString();
    }

    @Test
    void storesTheRowsOfAllOtherFiles() throws Exception {
        try (var earlier = ledger()) {
            request(earlier, "of-an-earlier-run");
        }
        var journal = folder.resolve("journal");
        Files.createDirectories(journal.resolve(NAME).resolve(UUID.randomUUID().toString()));
        try (var log = LogCapture.start();
                var ledger = ledger()) {
            request(ledger, "of-this-run");
            ledger.start();
            log.await("dev.warder.ledger", text -> text.contains("stored again"), LIMIT);
            assertThat(exported(ledger)).contains(",of-an-earlier-run,").contains(",of-this-run,");
            assertThat(log.lines("dev.warder.ledger", Level.WARNING))
                    .filteredOn(line -> line.text().contains(NAME))
                    .hasSize(1);
            assertThat(ledger.unreadableFiles()).isEqualTo(1);
            assertThat(ledger.cause())
                    .hasValueSatisfying(cause -> assertThat(cause).startsWith("1 file"));
            assertThat(ledger.lostRows()).isZero();
            log.await("dev.warder.ledger", text -> text.contains("was renamed"), LIMIT);
        }
        assertThat(journal.resolve(NAME)).doesNotExist();
        assertThat(journal.resolve(NAME + ".unreadable")).isDirectory();
        try (var later = ledger()) {
            later.start();
            request(later, "of-a-later-run");
            assertThat(later.unreadableFiles()).isZero();
        }
        assertThat(Files.exists(journal.resolve("000000000009.journal"))).isTrue();
    }
}
