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

    /** The classes of another application are others, and to open the file and close it again would end its lock. */
    @Test
    void opensNothingWhereAnotherApplicationOfThisProcessHasTheFolder() throws Exception {
        var place = Files.createDirectory(folder.resolve("taken"));
        var name = "dev.warder.folder." + place.toRealPath();
        System.setProperty(name, "another");
        try {
            assertThat(FolderLock.of(place)).isEmpty();
            assertThat(place.resolve("lock")).doesNotExist();
            assertThat(System.getProperty(name)).isEqualTo("another");
        } finally {
            System.clearProperty(name);
        }
    }

    @Test
    void isNotEndedByAnEarlierHolderThatClosesAgain() throws Exception {
        var earlier = FolderLock.of(folder).orElseThrow();
        earlier.close();
        var held = FolderLock.of(folder).orElseThrow();
        earlier.close();
        assertThat(FolderLock.of(folder)).isEmpty();
        held.close();
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
