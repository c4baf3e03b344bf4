package dev.warder.oauth;

import dev.warder.testkit.Postgres;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that share a login. */
class ClusterTest {
    @Nested
    class FileClusterTest implements ClusterContract {
        @TempDir
        private Path folder = Path.of("");

        @Override
        public String address() {
            return "file:" + folder.resolve("login");
        }
    }

    @Nested
    class PostgresClusterTest implements ClusterContract {
        @RegisterExtension
        private final Postgres postgres = new Postgres();

        @Override
        public String address() throws SQLException {
            return postgres.anotherAddress();
        }
    }
}
