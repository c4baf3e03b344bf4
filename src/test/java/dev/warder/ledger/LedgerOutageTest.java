package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import dev.warder.database.DatabaseSettings;
import dev.warder.ledger.journal.Journal;
import dev.warder.ledger.journal.LedgerEnvironment;
import dev.warder.ledger.store.Intent;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A ledger in a PostgreSQL that is stopped and started again. */
@Timeout(300)
class LedgerOutageTest {
    @TempDir
    private Path folder = Path.of("");

    private EmbeddedPostgres start(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void losesAndDoublesNothing(boolean journal) throws Exception {
        var server = start(0);
        int port = server.getPort();
        var source = new PGSimpleDataSource();
        source.setUrl(server.getJdbcUrl("postgres", "postgres"));
        Optional<Path> data = journal ? Optional.of(folder.resolve("data")) : Optional.empty();
        var place = new DatabaseSettings(Optional.empty(), Optional.empty(), Optional.<Secret>empty(), data);
        var around = new LedgerEnvironment(Thread::new, InstantSource.system(), System::nanoTime);
        var parts = LedgerParts.inDatabase(new LedgerSettings(Duration.ofDays(400_000)), place, source, around);
        try {
            for (int i = 0; i < 300; i++) {
                request(parts, "r" + i);
            }
            parts.writer().tick();
            request(parts, "before");
            server.close();
            for (int i = 300; i < 600; i++) {
                request(parts, "r" + i);
            }
            assertThat(parts.writer().tick()).isFalse();
            assertThat(parts.writer().away()).isTrue();
            server = start(port);
            while (!parts.writer().tick()) {
                // It tries once a second.
            }
            assertThat(parts.writer().refused() + parts.backlog().lostLater()).isZero();
            try (var connection = source.getConnection();
                    var statement = connection.createStatement();
                    var rows =
                            statement.executeQuery("SELECT COUNT(*), COUNT(DISTINCT request_id) FROM warder_ledger")) {
                assertThat(rows.next()).isTrue();
                assertThat(List.of(rows.getInt(1), rows.getInt(2))).containsExactly(601, 601);
            }
        } finally {
            parts.journal().ifPresent(Journal::stopWriting);
            parts.journal().ifPresent(Journal::close);
            server.close();
        }
    }

    private static void request(LedgerParts parts, String id) throws Exception {
        var intent = Rows.intent();
        if (parts.journal().isPresent()) {
            assertThat(parts.journal().get().note(intent).get(60, TimeUnit.SECONDS))
                    .isTrue();
        }
        assertThat(parts.backlog().add(new Intent.Settled(Optional.of(intent.id()), List.of(Rows.ofRequest(id)))))
                .isTrue();
    }
}
