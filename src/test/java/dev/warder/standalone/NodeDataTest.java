package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.cli.UsageException;
import dev.warder.database.DatabaseSettings;
import dev.warder.database.FolderLock;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeDataTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void refusesAMalformedUrlInOneLineAndKeepsNoLock() throws Exception {
        var url = Optional.of("jdbc:postgresql://host:port/warder");
        var settings = new DatabaseSettings(url, Optional.empty(), Optional.empty(), Optional.of(folder));
        assertThatThrownBy(() -> NodeData.open(settings))
                .isInstanceOf(UsageException.class)
                .hasMessage("database.url: the driver does not accept this URL");
        try (var lock = FolderLock.of(folder).orElseThrow()) {
            assertThat(lock).isNotNull();
        }
    }
}
