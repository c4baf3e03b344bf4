package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import dev.warder.config.Sources;
import dev.warder.oauth.OAuthSettings.Format;
import dev.warder.testkit.EachRow;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OAuthSettingsTest {
    private static final String KEY = base64(32);

    @TempDir
    private Path folder = Path.of("");

    private static String base64(int bytes) {
        return Base64.getEncoder().encodeToString(new byte[bytes]);
    }

    /** The least that a login needs. */
    private static Sources login() {
        return Sources.with("upstream.credentials", "main=oauth")
                .set("clients.token", "env:TOKEN")
                .env("TOKEN", "t".repeat(32))
                .set("oauth.tokenUrl", "https://login.example/token")
                .set("oauth.clientId", "warder")
                .set("oauth.store", "jdbc");
    }

    private static OAuthSettings oauth(Sources sources) {
        return sources.read().oauth().orElseThrow();
    }

    @Test
    void readsEverySetting() {
        OAuthSettings oauth = oauth(login().set("oauth.authorizeUrl", "https://login.example/authorize?tenant=a")
                .set("oauth.redirectUri", "http://localhost:1455/callback")
                .set("oauth.clientSecret", "env:CLIENT")
                .env("CLIENT", "planted-client")
                .set("oauth.scopes", "a b")
                .set("oauth.store", "file:" + folder.resolve("login.json"))
                .set("oauth.storeKey", "env:KEY")
                .env("KEY", KEY)
                .set("oauth.format", "json"));
        assertThat(oauth.authorizeUrl()).contains(URI.create("https://login.example/authorize?tenant=a"));
        assertThat(oauth.redirectUri()).contains(URI.create("http://localhost:1455/callback"));
        assertThat(oauth.clientSecret().map(Secret::reveal)).contains("planted-client");
        assertThat(oauth.scopes()).containsExactly("a", "b");
        assertThat(oauth.store().file()).contains(folder.resolve("login.json"));
        assertThat(oauth.store().key().map(Secret::reveal)).contains(KEY);
        assertThat(oauth.format()).isEqualTo(Format.JSON);
        assertThat(oauth.toString()).doesNotContain("planted", KEY);
    }

    @Test
    void asksByNameForWhatALoginNeeds() {
        assertThat(Sources.with("upstream.credentials", "main=oauth").problems())
                .satisfiesExactly(
                        problem -> assertThat(problem).startsWith("oauth.tokenUrl: is not set"),
                        problem -> assertThat(problem).startsWith("oauth.clientId: is not set"),
                        problem -> assertThat(problem).startsWith("oauth.store: is not set"));
    }

    @Test
    void notesWhatIsMissingForLoggingIn() {
        assertThat(login().notes())
                .satisfiesExactly(note -> assertThat(note).startsWith("oauth.authorizeUrl: "), note -> assertThat(note)
                        .startsWith("oauth.redirectUri: "));
        assertThat(login().set("oauth.authorizeUrl", "https://login.example/authorize")
                        .set("oauth.redirectUri", "https://gateway.example/admin/credentials/callback")
                        .notes())
                .isEmpty();
    }

    @Test
    void warnsByNameOfEverySettingThatNoCredentialUses() {
        var sources = login().set("upstream.credentials", "main=env:TOKEN")
                .set("oauth.authorizeUrl", "https://login.example/authorize")
                .set("oauth.redirectUri", "https://gateway.example/callback")
                .set("oauth.clientSecret", "env:TOKEN")
                .set("oauth.scopes", "a")
                .set("oauth.storeKey", "env:KEY")
                .env("KEY", KEY)
                .contextParam("warder.oauth.format", "form");
        assertThat(sources.read().oauth()).isEmpty();
        assertThat(sources.warnings())
                .hasSize(9)
                .allMatch(warning -> warning.startsWith("oauth."))
                .allMatch(warning -> warning.endsWith(": has no effect: upstream.credentials has no entry NAME=oauth"));
        assertThat(sources.notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorizeUrl", "tokenUrl", "redirectUri"})
    void sendsNothingInTheClearToAnotherMachine(String name) {
        assertThat(login().set("oauth." + name, "http://login.example/x").problem())
                .startsWith("oauth." + name + ": must begin with https://");
        assertThat(login().set("oauth." + name, "http://127.0.0.1:8/x").read().oauth())
                .isPresent();
    }

    @EachRow({
        "a|a",
        "user:inference org:profile|user:inference org:profile",
        "a,b|a b",
        " ,a ,\t b, ,|a b",
        "b a b|b a",
        "!#$%&'()*+-./:;<=>?@[]^_`{}~|!#$%&'()*+-./:;<=>?@[]^_`{}~",
    })
    void separatesScopesByBlanksAndCommas(String text, String expected) {
        assertThat(oauth(login().set("oauth.scopes", text)).scopes()).isEqualTo(List.of(expected.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a planted\"b", "planted\\", "plänted", "a\u0001", "a\u007fb"})
    void refusesOtherScopes(String text) {
        assertThat(login().set("oauth.scopes", text).problem())
                .startsWith("oauth.scopes: ")
                .doesNotContain("plant", "pl\u00e4");
    }

    @Test
    void refusesAStoreThatCouldNotBeWritten() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        for (Path path : List.of(folder, folder.resolve("none/login.json"), file.resolve("login.json"))) {
            assertThat(login().set("oauth.store", "file:" + path).problem())
                    .startsWith("oauth.store: file: is not ")
                    .doesNotContain(folder.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"planted", "JDBC", "jdbc:planted", "/srv/planted", "file:/srv/${planted}/x", "file:"})
    void refusesOtherStores(String text) {
        assertThat(login().set("oauth.store", text).problem())
                .startsWith("oauth.store: ")
                .doesNotContain("planted");
    }

    @Test
    void takesAStoreKeyOfExactly32Bytes() {
        for (String store : List.of("jdbc", "file:" + folder.resolve("login.json"))) {
            assertThat(oauth(login().set("oauth.store", store)
                                    .set("oauth.storeKey", "env:KEY")
                                    .env("KEY", KEY + "\n"))
                            .store()
                            .key()
                            .map(Secret::reveal))
                    .contains(KEY);
        }
        for (int bytes : new int[] {16, 31, 33, 48}) {
            assertThat(login().set("oauth.storeKey", "env:KEY")
                            .env("KEY", base64(bytes))
                            .problem())
                    .startsWith("oauth.storeKey: ")
                    .contains("base64 of exactly 32 bytes")
                    .doesNotContain("AAAA");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "_", "!", "=", " "})
    void showsNothingOfAKeyThatIsNotBase64(String alien) {
        assertThat(login().set("oauth.storeKey", "env:KEY")
                        .env("KEY", "planted" + alien + "k".repeat(36))
                        .problem())
                .startsWith("oauth.storeKey: ")
                .contains("base64 of exactly 32 bytes")
                .doesNotContain("planted", "kkk");
    }

    @Test
    void refusesAClientIdThatCannotTravel() {
        assertThat(login().set("oauth.clientId", "planted id").problem())
                .startsWith("oauth.clientId: ")
                .doesNotContain("planted");
    }
}
