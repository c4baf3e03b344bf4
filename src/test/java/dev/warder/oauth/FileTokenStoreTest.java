package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import dev.warder.oauth.TokenStore.TokenStoreException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTokenStoreTest implements StoreContract {
    private static final Instant TIME = Instant.parse("2026-11-21T08:00:00Z");

    @TempDir
    private Path folder = Path.of("");

    private Path path = folder;

    @BeforeEach
    void choosePath() {
        path = folder.resolve("login.json");
    }

    @Override
    public TokenStore store(DeadlinePoll poll) {
        return new FileTokenStore(new LoginFile(path), Logins.PLAIN, poll);
    }

    @Nested
    class Sealed implements SealedStoreContract {
        @Override
        public TokenStore store(DeadlinePoll poll) {
            return new FileTokenStore(new LoginFile(path), Logins.sealed(1), poll);
        }

        @Override
        public TokenStore store(LoginFormat format) {
            return FileTokenStoreTest.this.store(format);
        }

        @Override
        public TokenStore elsewhere(LoginFormat format) {
            return new FileTokenStore(
                    new LoginFile(folder.resolve("elsewhere.json")), format, DeadlinePoll.ofThisThread());
        }

        @Override
        public String stored(TokenStore store) throws IOException {
            return Files.readString(file(store));
        }

        @Override
        public void put(TokenStore store, String text) throws IOException {
            Files.writeString(file(store), text);
        }

        private Path file(TokenStore store) {
            return Path.of(store.place().substring("file ".length()));
        }
    }

    private TokenStore store(LoginFormat format) {
        return new FileTokenStore(new LoginFile(path), format, DeadlinePoll.ofThisThread());
    }

    private TokenStore store() {
        return store(Logins.PLAIN);
    }

    private static void write(TokenStore store, int number) throws TokenStoreException {
        store.exclusively(held -> held.write(Logins.token(number)));
    }

    private static void clear(TokenStore store) throws TokenStoreException {
        store.exclusively(held -> {
            held.clear();
            return true;
        });
    }

    private JsonObject content() throws IOException {
        try (var reader = Json.createReader(new StringReader(Files.readString(path)))) {
            return reader.readObject();
        }
    }

    private void put(String json) throws IOException {
        Files.writeString(path, json.replace("ACCESS", Logins.access(7)).replace("REFRESH", Logins.refresh(7)));
    }

    @Test
    void readsAFlatFile() throws Exception {
        put(
                "{\"access_token\":\"ACCESS\",\"refresh_token\":\"REFRESH\",\"expires_at\":" + TIME.getEpochSecond()
                        + ",\"expires_in\":28800,\"scope\":\"a b\",\"account\":{\"uuid\":\"u\",\"email_address\":\"o@example.com\"}}");
        var token = store().read().orElseThrow().token();
        assertThat(token.accessToken()).isEqualTo(Logins.access(7));
        assertThat(token.refreshToken()).contains(Logins.refresh(7));
        assertThat(token.expiry()).isEqualTo(TIME);
        assertThat(token.lifetime()).hasValueSatisfying(life -> assertThat(life).hasHours(8));
        assertThat(token.scopes()).containsExactly("a", "b");
        assertThat(token.account()).contains("o@example.com");
    }

    @Test
    void readsAndWritesAFlatFileInMilliseconds() throws Exception {
        put("{\"access_token\":\"ACCESS\",\"expires_at\":" + TIME.toEpochMilli() + ",\"token_type\":\"Bearer\"}");
        assertThat(store().read().orElseThrow().token().expiry()).isEqualTo(TIME);
        write(store(), 1);
        assertThat(content().getJsonNumber("expires_at").longValueExact())
                .isEqualTo(Logins.token(1).expiry().toEpochMilli());
        assertThat(content().getString("token_type")).isEqualTo("Bearer");
        assertThat(content().getString("scope")).isEqualTo("user:inference user:profile");
    }

    @Test
    void takesTheSmallestNumberOfMillisecondsForMilliseconds() throws Exception {
        put("{\"access_token\":\"ACCESS\",\"expires_at\":100000000000}");
        assertThat(store().read().orElseThrow().token().expiry()).isEqualTo(Instant.ofEpochMilli(100_000_000_000L));
        put("{\"access_token\":\"ACCESS\",\"expires_at\":99999999999}");
        assertThat(store().read().orElseThrow().token().expiry()).isEqualTo(Instant.ofEpochSecond(99_999_999_999L));
    }

    @Test
    void writesANewFileFlatAndInSeconds() throws Exception {
        write(store(), 1);
        assertThat(content().keySet())
                .containsExactlyInAnyOrder(
                        "access_token", "refresh_token", "expires_at", "expires_in", "scope", "account");
        assertThat(content().getJsonNumber("expires_at").longValueExact())
                .isEqualTo(Logins.token(1).expiry().getEpochSecond());
    }

    @Test
    void keepsTheOtherShapeAndWhatItDoesNotKnow() throws Exception {
        put("{\"first\":{\"x\":[1.50,null]},\"claudeAiOauth\":{\"accessToken\":\"ACCESS\",\"refreshToken\":\"REFRESH\","
                + "\"expiresAt\":" + TIME.toEpochMilli()
                + ",\"scopes\":[\"a\",\"b\"],\"subscriptionType\":\"team\",\"rateLimitTier\":\"t\"},\"last\":true}");
        var before = store().read().orElseThrow();
        assertThat(before.token().expiry()).isEqualTo(TIME);
        assertThat(before.token().scopes()).containsExactly("a", "b");
        assertThat(before.token().account()).contains("team");
        write(store(), 1);
        assertThat(content().keySet()).containsExactly("first", "claudeAiOauth", "last");
        assertThat(content().get("first")).hasToString("{\"x\":[1.50,null]}");
        var login = content().getJsonObject("claudeAiOauth");
        assertThat(login.getString("accessToken")).isEqualTo(Logins.access(1));
        assertThat(login.getString("refreshToken")).isEqualTo(Logins.refresh(1));
        assertThat(login.getJsonNumber("expiresAt").longValueExact())
                .isEqualTo(Logins.token(1).expiry().toEpochMilli());
        assertThat(login.getJsonArray("scopes")).hasToString("[\"user:inference\",\"user:profile\"]");
        assertThat(login.getString("subscriptionType")).isEqualTo("team");
        assertThat(login.getString("rateLimitTier")).isEqualTo("t");
    }

    @Test
    void warnsOfTheOtherShapeAndOfNoOther() throws Exception {
        assertThat(store().warning()).isEmpty();
        put("{\"claudeAiOauth\":{\"accessToken\":\"ACCESS\"}}");
        assertThat(store().warning()).hasValueSatisfying(warning -> assertThat(warning)
                .startsWith("oauth.store: file " + path)
                .contains("the operator's own OAuth client", "never stored")
                .doesNotContain(Logins.access(7)));
        put("{\"access_token\":\"ACCESS\"}");
        assertThat(store().warning()).isEmpty();
    }

    @Test
    void forgetsInTheOtherShapeTheLoginAlone() throws Exception {
        put("{\"claudeAiOauth\":{\"accessToken\":\"ACCESS\"},\"other\":1}");
        clear(store());
        assertThat(store().read()).isEmpty();
        assertThat(content()).hasToString("{\"claudeAiOauth\":{},\"other\":1}");
        write(store(), 1);
        assertThat(content().getJsonObject("claudeAiOauth").getString("accessToken"))
                .isEqualTo(Logins.access(1));
    }

    @Test
    void takesALoginOfAnotherToolForANewOneAfterARefusal() throws Exception {
        put("{\"access_token\":\"ACCESS\",\"refresh_token\":\"REFRESH\",\"expires_at\":5}");
        store().exclusively(held -> {
            held.refuse();
            return true;
        });
        assertThat(store().read().orElseThrow().refused()).isTrue();
        Files.writeString(path, Files.readString(path).replace(Logins.refresh(7), Logins.refresh(8)));
        assertThat(store().read().orElseThrow().refused()).isFalse();
    }

    @Test
    void makesFilesForTheirOwnerAlone() throws Exception {
        put("{}");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        write(store(), 1);
        for (var name : List.of("login.json", "login.json.lock")) {
            assertThat(Files.getPosixFilePermissions(folder.resolve(name)))
                    .as(name)
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("login.json", "login.json.lock");
        }
    }

    @Test
    void encryptsAPlainFileWithTheNextWriting() throws Exception {
        put("{\"access_token\":\"ACCESS\",\"kept\":\"yes\"}");
        var store = store(Logins.sealed(1));
        assertThat(store.read().orElseThrow().token().accessToken()).isEqualTo(Logins.access(7));
        assertThat(Files.readString(path)).contains(Logins.access(7));
        write(store, 1);
        assertThat(Files.readString(path)).startsWith("warder-login:").doesNotContain(Logins.access(1), "kept");
        assertThat(store(Logins.sealed(1)).read().orElseThrow().token()).isEqualTo(Logins.token(1));
    }

    @Test
    void saysWhatIsWrongWithAKey() throws Exception {
        write(store(Logins.sealed(1)), 1);
        assertThatThrownBy(() -> store().read())
                .isInstanceOf(TokenStoreException.class)
                .hasMessage("file " + path + " is encrypted, and oauth.storeKey is not set");
        assertThatThrownBy(() -> store(Logins.sealed(2)).read())
                .isInstanceOf(TokenStoreException.class)
                .hasMessageStartingWith("file " + path + " cannot be decrypted: oauth.storeKey");
    }

    @Test
    void tellsAFileThatIsNoLoginWithoutItsContent() throws Exception {
        for (var content : List.of(
                "SECRET",
                "{\"access_token\":\"SECRET\"",
                "[\"SECRET\"]",
                "{\"access_token\":{\"a\":\"SECRET\"}}",
                "{\"access_token\":\"SECRET \\r\\nX: y\"}",
                "{\"refresh_token\":\"SECRET\"}",
                "{\"access_token\":\"x\",\"expires_at\":\"SECRET\"}",
                "{\"access_token\":\"x\",\"expires_at\":1e999999999}",
                "{\"access_token\":\"x\"} SECRET")) {
            Files.writeString(path, content);
            assertThatThrownBy(() -> store().read())
                    .as(content)
                    .isInstanceOf(TokenStoreException.class)
                    .hasMessageStartingWith("file " + path + " ")
                    .hasMessageNotContaining("SECRET")
                    .hasStackTraceContaining("TokenStoreException")
                    .satisfies(failure ->
                            assertThat(Throwables.getStackTrace(failure)).doesNotContain("SECRET"));
        }
    }

    @Test
    void saysWhyAFileCannotBeUsed() throws Exception {
        path = folder.resolve("missing").resolve("login.json");
        assertThat(store().read()).isEmpty();
        assertThatThrownBy(() -> write(store(), 1))
                .isInstanceOf(TokenStoreException.class)
                .hasMessage("file " + path + " cannot be locked: no such folder");
        Files.createDirectory(path.getParent());
        Files.createDirectory(path);
        assertThatThrownBy(() -> store().read())
                .isInstanceOf(TokenStoreException.class)
                .hasMessage("file " + path + " cannot be read: not a regular file");
    }

    @Test
    void writesThroughLinksAndLocksWhatTheyLeadTo() throws Exception {
        var target = Files.createDirectory(folder.resolve("real")).resolve("target.json");
        var middle = Files.createSymbolicLink(folder.resolve("middle.json"), Path.of("real/target.json"));
        Files.createSymbolicLink(path, middle);
        write(store(), 1);
        write(store(), 2);
        assertThat(path).isSymbolicLink();
        assertThat(middle).isSymbolicLink();
        assertThat(target).isRegularFile();
        assertThat(target.resolveSibling("target.json.lock")).exists();
        assertThat(store().read().orElseThrow().token()).isEqualTo(Logins.token(2));
    }

    @Test
    void namesAByteOrderMark() throws IOException {
        Files.writeString(path, "\ufeff{}");
        assertThatThrownBy(() -> store().read()).hasMessageEndingWith("login.json begins with a byte order mark");
    }

    @Test
    void replacesWhatAKilledWriterLeft() throws Exception {
        Files.writeString(folder.resolve("login.json.tmp"), "half");
        write(store(), 1);
        assertThat(folder.resolve("login.json.tmp")).doesNotExist();
    }

    @Test
    void showsReadersTheOldLoginOrTheNewOne() throws Exception {
        write(store(), 0);
        var writing = new AtomicBoolean(true);
        var thread = Executors.newSingleThreadExecutor();
        var writer = thread.submit(() -> {
            for (int number = 1; number <= 100; number++) {
                write(store(), number);
            }
            writing.set(false);
            return true;
        });
        var hurried = store(Logins.hurried());
        int seen = 0;
        do {
            var token = hurried.read().orElseThrow().token();
            int number = (int) (token.expiry().getEpochSecond() - Logins.EXPIRY.getEpochSecond());
            assertThat(token).isEqualTo(Logins.token(number));
            assertThat(number).isGreaterThanOrEqualTo(seen);
            seen = number;
        } while (writing.get() && !writer.isDone());
        assertThat(writer.get(60, TimeUnit.SECONDS)).isTrue();
        thread.shutdown();
    }

    @Test
    void leavesACorruptFileAsItIs() throws Exception {
        Files.writeString(path, "{");
        assertThatThrownBy(() -> write(store(), 1)).isInstanceOf(TokenStoreException.class);
        assertThat(path).hasContent("{");
    }

    @Test
    void takesAnEmptyFileForNoLogin() throws Exception {
        for (var content : List.of("", "{}", "{\"other\":1}", "{\"access_token\":null}")) {
            Files.writeString(path, content);
            assertThat(store().read()).as(content).isEmpty();
        }
    }

    /** A file store where the file system refuses, or where another user writes. */
    @Nested
    class FileTroubleTest {
        private static final int SOMEBODY = 54321;

        @TempDir
        private Path folder = Path.of("");

        private Path path() {
            return folder.resolve("login.json");
        }

        private FileTokenStore store() {
            return new FileTokenStore(new LoginFile(path()), Logins.PLAIN, DeadlinePoll.ofThisThread());
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
}
