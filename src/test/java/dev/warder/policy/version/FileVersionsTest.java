package dev.warder.policy.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileVersionsTest {
    private final Path folder;

    FileVersionsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void keepsTheHighestVersionOverARestart() throws Exception {
        Path data = folder.resolve("data");
        assertThat(new FileVersions(data).raise(0)).isZero();
        assertThat(data).doesNotExist();
        assertThat(new FileVersions(data).raise(7)).isEqualTo(7);
        assertThat(new FileVersions(data).raise(6)).isEqualTo(7);
        assertThat(new FileVersions(data).raise(999_999_999_999_999L)).isEqualTo(999_999_999_999_999L);
        assertThat(new FileVersions(data).raise(0)).isEqualTo(999_999_999_999_999L);
        assertThat(data.resolve("policy-version")).hasContent("999999999999999");
        assertThat(data.resolve("policy-version.new")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "seven\n", "-7\n", "7\n7\n", "1234567890123456\n"})
    void failsWithAFileThatHasNoVersion(String content) throws Exception {
        Files.writeString(folder.resolve("policy-version"), content);
        assertThatThrownBy(() -> new FileVersions(folder).raise(3))
                .isInstanceOf(VersionStoreException.class)
                .hasMessage("data.dir: the file policy-version has no version");
        assertThat(folder.resolve("policy-version")).hasContent(content);
    }

    @Test
    void failsWithoutThePathWhereTheFolderIsAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> new FileVersions(file).raise(3))
                .isInstanceOf(VersionStoreException.class)
                .hasMessageStartingWith("data.dir: the file policy-version cannot be used (")
                .hasMessageNotContaining(folder.toString());
    }
}
