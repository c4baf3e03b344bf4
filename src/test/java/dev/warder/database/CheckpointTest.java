package dev.warder.database;

import static dev.warder.testkit.Sql.execute;
import static dev.warder.testkit.Sql.number;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An H2 that keeps commits in memory for an hour; a copy of its file is what a kill would leave. */
class CheckpointTest {
    @TempDir
    private Path folder = Path.of("");

    private JdbcDataSource source(String name, String user, String options) {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:file:" + folder.resolve(name) + options);
        source.setUser(user);
        source.setPassword("");
        return source;
    }

    private long rowsAfterAKill(String copy) throws Exception {
        Files.copy(folder.resolve("db.mv.db"), folder.resolve(copy + ".mv.db"));
        return number(source(copy, "admin", ""), "SELECT COUNT(*) FROM numbers");
    }

    @Test
    void writesWhatH2HasInMemory() throws Exception {
        var source = source("db", "admin", ";WRITE_DELAY=3600000;DB_CLOSE_DELAY=10");
        execute(source, "CREATE TABLE numbers (number INT)");
        var checkpoint = new Checkpoint(source);
        checkpoint.run();
        execute(source, "INSERT INTO numbers VALUES (1)");
        assertThat(rowsAfterAKill("without")).isZero();
        checkpoint.run();
        assertThat(rowsAfterAKill("with")).isEqualTo(1);
    }

    @Test
    void doesNotFailForAUserWhoIsNoAdministrator() throws Exception {
        execute(source("db", "admin", ";DB_CLOSE_DELAY=10"), "CREATE USER clerk PASSWORD ''");
        var checkpoint = new Checkpoint(source("db", "clerk", ""));
        checkpoint.run();
        checkpoint.run();
    }
}
