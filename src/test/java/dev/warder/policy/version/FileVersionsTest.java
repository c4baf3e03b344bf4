package dev.warder.policy.version;

import static dev.warder.policy.version.VersionsContract.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.policy.PolicyVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileVersionsTest {
    private static final String DIGEST = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private final Path folder;

    FileVersionsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void keepsTheHighestVersionOverARestart() throws Exception {
        Path data = folder.resolve("data");
        assertThat(new FileVersions(data).raise(PolicyVersion.NONE)).isEqualTo(PolicyVersion.NONE);
        assertThat(data).doesNotExist();
        assertThat(new FileVersions(data).raise(version(7))).isEqualTo(version(7));
        assertThat(new FileVersions(data).raise(version(6))).isEqualTo(version(7));
        var highest = version(999_999_999_999_999L);
        assertThat(new FileVersions(data).raise(highest)).isEqualTo(highest);
        assertThat(new FileVersions(data).raise(PolicyVersion.NONE)).isEqualTo(highest);
        assertThat(data.resolve("policy-version")).hasContent("999999999999999 " + highest.sha256());
        assertThat(data.resolve("policy-version.new")).doesNotExist();
    }

    @Test
    void keepsTheContentsThatAVersionHadFirst() throws Exception {
        new FileVersions(folder).raise(version(7));
        assertThat(new FileVersions(folder).raise(new PolicyVersion(7, "f".repeat(64))))
                .isEqualTo(version(7));
        assertThat(folder.resolve("policy-version"))
                .hasContent("7 " + version(7).sha256());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "7", "seven\n", "-7\n", "7\n", "7 abc\n", "1234567890123456 " + DIGEST + "\n", "7 " + DIGEST
            })
    void failsWithAFileThatHasNoVersion(String content) throws Exception {
        Files.writeString(folder.resolve("policy-version"), content);
        assertThatThrownBy(() -> new FileVersions(folder).raise(version(3)))
                .isInstanceOf(VersionStoreException.class)
                .hasMessage("data.dir: the file policy-version has no version");
        assertThat(folder.resolve("policy-version")).hasContent(content);
    }

    @Test
    void failsWithoutThePathWhereTheFolderIsAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> new FileVersions(file).raise(version(3)))
                .isInstanceOf(VersionStoreException.class)
                .hasMessageStartingWith("data.dir: the file policy-version cannot be used (")
                .hasMessageNotContaining(folder.toString());
    }
}
