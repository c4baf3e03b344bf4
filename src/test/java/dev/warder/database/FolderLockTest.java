package dev.warder.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void isHeldOnceAtATime() throws Exception {
        var place = folder.resolve("a/b");
        try (var first = FolderLock.of(place).orElseThrow()) {
            assertThat(first).isNotNull();
            assertThat(FolderLock.of(place)).isEmpty();
        }
        FolderLock.of(place).orElseThrow().close();
    }

    @Test
    void makesAFolderForItsOwnerOnly() throws Exception {
        var place = folder.resolve("own");
        FolderLock.of(place).orElseThrow().close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
                .isEqualTo("rwx------");
    }

    @Test
    void failsWhereNoFolderCanBe() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> FolderLock.of(file.resolve("below"))).isInstanceOf(IOException.class);
    }
}
