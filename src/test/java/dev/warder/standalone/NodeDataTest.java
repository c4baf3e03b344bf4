package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.cli.CommandLine;
import dev.warder.database.DatabaseSettings;
import dev.warder.database.FolderLock;
import dev.warder.testkit.LogCapture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeDataTest {
    @TempDir
    private Path folder = Path.of("");

    /** The folder may be a volume, which others may enter. */
    @Test
    void makesFilesThatItsOwnerAloneReads() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var old = Files.createFile(folder.resolve("warder.trace.db"));
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-r--r--"));
        var settings = new DatabaseSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(folder));
        for (int start = 0; start < 2; start++) {
            try (var log = LogCapture.start();
                    var data = NodeData.open(settings, false)) {
                try (var connection = data.database().orElseThrow().getConnection();
                        var statement = connection.createStatement()) {
                    statement.execute("CREATE TABLE IF NOT EXISTS kept (a INT)");
                    assertThatThrownBy(() -> statement.execute("INSERT INTO kept VALUES ('no number')"))
                            .isInstanceOf(SQLException.class);
                }
                assertThat(log.lines(NodeData.class.getName(), Level.WARNING))
                        .singleElement()
                        .satisfies(line -> assertThat(line.text()).contains("data.dir: other users"));
            }
            try (var files = Files.list(folder)) {
                assertThat(files.filter(file -> file.toString().endsWith(".db")))
                        .hasSize(2)
                        .allSatisfy(
                                file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                                        .isEqualTo("rw-------"));
            }
        }
        assertThat(Files.size(old)).isZero();
    }

    @Test
    void refusesAMalformedUrlInOneLineAndKeepsNoLock() throws Exception {
        var url = Optional.of("jdbc:postgresql://host:port/warder");
        var settings = new DatabaseSettings(url, Optional.empty(), Optional.empty(), Optional.of(folder));
        assertThatThrownBy(() -> NodeData.open(settings, false))
                .isInstanceOf(CommandLine.UsageException.class)
                .hasMessage("database.url: the driver does not accept this URL");
        try (var lock = FolderLock.of(folder).orElseThrow()) {
            assertThat(lock).isNotNull();
        }
    }

    private static void interrupted(DataSource source) throws SQLException {
        Thread.currentThread().interrupt();
        try {
            source.getConnection().close();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void opensTheDatabaseOfTheDemoWhenItServes() throws Exception {
        var nothing = new DatabaseSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        try (var data = NodeData.open(nothing, false)) {
            assertThat(data.database()).isEmpty();
        }
        try (var data = NodeData.open(nothing, true)) {
            var source = data.database().orElseThrow();
            var connected = CompletableFuture.supplyAsync(() -> {
                try (var connection = source.getConnection()) {
                    return connection.isValid(1);
                } catch (SQLException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            assertThatThrownBy(() -> connected.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> interrupted(source))
                    .isInstanceOfSatisfying(SQLException.class, failed -> assertThat(failed.getSQLState())
                            .isEqualTo("08001"));
            data.serving();
            assertThat(connected).succeedsWithin(Duration.ofSeconds(4)).isEqualTo(true);
        }
    }
}
