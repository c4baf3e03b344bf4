package dev.warder.ledger;

import static dev.warder.testkit.Sql.texts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Verdict;
import dev.warder.contract.Eventually;
import dev.warder.database.DatabaseSettings;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.FaultyDisk;
import dev.warder.ledger.store.Journal;
import dev.warder.ledger.store.LedgerEnvironment;
import dev.warder.testkit.EachRow;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Limit;
import dev.warder.testkit.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that starts again with a journal that was damaged, or on a disk that fails. */
@Timeout(120)
class LedgerRecoveryTest {
    private static final String FILE = "000000000000.journal";

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final FaultyDisk disk = new FaultyDisk();

    @TempDir
    private Path folder = Path.of("");

    private Ledger start() {
        var place = new DatabaseSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(folder));
        var around = new LedgerEnvironment(
                Thread::new, InstantSource.fixed(Rows.NOON), System::nanoTime, Journal.Limits.USUAL, disk);
        var settings = new LedgerSettings(Duration.ofDays(36_500));
        var ledger =
                new Ledger(LedgerParts.inDatabase(settings, place, h2.database(), around), around, Charged.Lookup.NONE);
        ledger.start();
        return ledger;
    }

    /** Starts a request, which is granted at once. */
    private static void admit(Ledger ledger, String id) {
        var verdict = ledger.gate().orElseThrow().ask(Rows.inquiry(id, "POST", "/v1/messages"));
        assertThat(verdict).isInstanceOf(Verdict.Granted.class);
    }

    /** A run of the ledger with one request that ends. */
    private void runWithARequest() {
        try (var ledger = start()) {
            admit(ledger, "req-7");
            ledger.completed(Rows.completed("req-7", Rows.ofRequest("req-7")));
        }
    }

    private void run() {
        try (var ledger = start()) {
            assertThat(ledger.lostRows()).isZero();
        }
    }

    private Path file() {
        return folder.resolve("journal").resolve(FILE);
    }

    /** The row of the request follows its intent. */
    private void damageTheRow() throws Exception {
        var bytes = Files.readAllBytes(file());
        bytes[bytes.length - 5] ^= 1;
        Files.write(file(), bytes);
    }

    private List<String> rows() throws Exception {
        return texts(h2.database(), "SELECT basis FROM warder_ledger WHERE request_id = 'req-7'");
    }

    @Test
    void keepsAStoredRowThatTheJournalHasLost() throws Exception {
        runWithARequest();
        assertThat(rows()).containsExactly("reported");
        damageTheRow();
        run();
        assertThat(rows()).containsExactly("reported");
    }

    /**
     * Earlier versions have written the journals, and the one before rows had columns has exported them: {@code earlier.journal}
     * was killed while the last of three requests was open, and {@code kinds.journal} has all kinds of records.
     */
    @EachRow({"earlier | 3", "kinds | 16"})
    void readsTheJournalsOfEarlierVersions(String name, int rows) throws Exception {
        Files.createDirectory(folder.resolve("journal"));
        Files.write(file(), resource(name + ".journal"));
        try (var ledger = start()) {
            Eventually.holds(Limit.seconds(10), () -> ledger.storedRows() == rows);
            var lines = ledger.export(LineFormat.JSONL, Instant.EPOCH, Rows.NOON.plusSeconds(60))
                    .next()
                    .lines();
            assertThat(lines)
                    .as("with columns that were added")
                    .zipSatisfy(
                            new String(resource(name + ".jsonl"), UTF_8).lines().toList(),
                            (line, before) -> assertThat(line).startsWith(before.substring(0, before.length() - 1)));
        }
    }

    private byte[] resource(String name) throws IOException {
        try (var resource = getClass().getResourceAsStream(name)) {
            return Objects.requireNonNull(resource).readAllBytes();
        }
    }

    @Test
    void reportsADiskThatDoesNotTakeTheJournal() throws Exception {
        disk.failForce(1);
        try (var ledger = start();
                var log = LogCapture.start()) {
            admit(ledger, "req-7");
            log.await("dev.warder.ledger", text -> text.contains("cannot be forced"), Duration.ofSeconds(20));
            assertThat(ledger.unforcedFiles()).isEqualTo(1);
            assertThat(ledger.cause())
                    .hasValueSatisfying(cause -> assertThat(cause).contains("disk", "journal"));
            admit(ledger, "req-8");
            assertThat(folder.resolve("journal").resolve("000000000001.journal"))
                    .as("nothing more goes into the file that failed")
                    .exists();
            assertThat(ledger.unforcedFiles()).isEqualTo(1);
        }
    }
}
