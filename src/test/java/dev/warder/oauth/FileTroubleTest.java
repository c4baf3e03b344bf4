package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file store where the file system refuses, or where another user writes. */
class FileTroubleTest {
    private static final int SOMEBODY = 54321;

    @TempDir
    private Path folder = Path.of("");

    private Path path() {
        return folder.resolve("login.json");
    }

    private FileTokenStore store() {
        return new FileTokenStore(path(), Logins.PLAIN, DeadlinePoll.ofThisThread());
    }

    @Test
    void beginsNoWorkWhereItsOutcomeCouldNotBeWritten() throws Exception {
        Files.createDirectories(folder.resolve("login.json.tmp").resolve("in the way"));
        var begun = new AtomicBoolean();
        assertThatThrownBy(() -> store().exclusively(held -> {
                    begun.set(true);
                    return true;
                }))
                .isInstanceOf(TokenStoreException.class)
                .hasMessageStartingWith("file " + path() + " cannot be written: ");
        assertThat(begun).isFalse();
    }

    @Test
    void leavesNothingBehindWhereNothingIsWritten() throws Exception {
        store().exclusively(TokenStore.Held::read);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("login.json.lock"));
        }
    }

    @Test
    void leavesAFileToItsOwnerWhenRootWrites() throws Exception {
        assumeThat(uid(folder)).as("run by root").isZero();
        store().exclusively(held -> held.write(Logins.token(1)));
        Files.setAttribute(path(), "unix:uid", SOMEBODY);
        store().exclusively(held -> held.write(Logins.token(2)));
        assertThat(uid(path())).isEqualTo(SOMEBODY);
    }

    @Test
    void givesNewFilesToTheOwnerOfTheFolderWhenRootWrites() throws Exception {
        assumeThat(uid(folder)).as("run by root").isZero();
        Files.setAttribute(folder, "unix:uid", SOMEBODY);
        store().exclusively(held -> held.write(Logins.token(1)));
        assertThat(uid(path())).isEqualTo(SOMEBODY);
        assertThat(uid(folder.resolve("login.json.lock"))).isEqualTo(SOMEBODY);
    }

    private static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}
