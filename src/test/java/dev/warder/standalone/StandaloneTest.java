package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.config.Setting;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandaloneTest {
    private static final Pattern TOKEN = Pattern.compile("wrd_[a-z2-7]{8}_[a-z2-7]{59}");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = Map.of("PEPPER", "a pepper of some length");

    @Test
    void listsEverySettingWithItsDefault() throws Exception {
        assertThat(run("--help")).isZero();
        assertThat(out()).contains("--host=127.0.0.1", "--demo", "token NAME");
        for (Setting setting : Setting.values()) {
            assertThat(out()).contains("--" + setting.publicName(), setting.help());
            setting.defaultText().ifPresent(text -> assertThat(out()).contains("(default: " + text + ")"));
        }
    }

    @Test
    void knowsItsVersion() throws Exception {
        assertThat(run("--version")).isZero();
        assertThat(out()).matches("Warder [0-9].*\\R");
    }

    @Test
    void showsAFreshTokenAndItsLine() throws Exception {
        assertThat(run("token", "alice")).isZero();
        AccessToken token = shownToken();
        assertThat(out()).contains("\n  " + token.line("alice") + "\n").containsOnlyOnce(token.reveal());
        out.reset();
        run("token", "alice");
        assertThat(shownToken().reveal()).isNotEqualTo(token.reveal());
    }

    @Test
    void hashesUnderThePepper() throws Exception {
        assertThat(run("token", "alice", "--clients.pepper=env:PEPPER")).isZero();
        AccessToken token = shownToken();
        assertThat(out()).contains("alice id=" + token.id() + " sha256=").doesNotContain(token.line("alice"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--prot=80|warder: --prot: unknown option; did you mean --port?",
                "--limits.body=lots|warder: limits.body: must be a size such as",
                "--clients.token=planted|warder: clients.token: must be a reference to a secret",
                "--clients.token=env:NOWHERE|warder: clients.token: there is no environment variable NOWHERE",
                "--clients.token=jndi:warder/secret.token|warder: clients.token: there is no JNDI entry",
                "--upstream.credentials=main=planted|warder: upstream.credentials:",
            })
    void refusesInOneLineBeforeAnythingStarts(String argument, String problem) throws Exception {
        assertThat(run(argument)).isEqualTo(2);
        assertThat(err()).startsWith(problem).hasLineCount(1).doesNotContain("planted", "JNDI warder/limits");
        assertThat(out()).isEmpty();
    }

    @Test
    void reportsEveryMalformedValue() throws Exception {
        assertThat(run("--limits.body=x", "--timeouts.idle=y", "--passthrough=z"))
                .isEqualTo(2);
        assertThat(err()).hasLineCount(3).contains("limits.body", "timeouts.idle", "passthrough");
    }

    @Test
    void refusesALoginInADatabaseThatOnlyAServerHas() throws Exception {
        assertThat(run(
                        "--upstream.credentials=team=oauth",
                        "--oauth.tokenUrl=https://login.example/token",
                        "--oauth.clientId=warder",
                        "--oauth.store=jdbc"))
                .isEqualTo(2);
        assertThat(err()).startsWith("warder: oauth.store: jdbc").hasLineCount(1);
        assertThat(out()).isEmpty();
    }

    @Test
    void refusesANameThatNoClientMayHave() throws Exception {
        assertThat(run("token", "shared")).isEqualTo(2);
        assertThat(err()).startsWith("warder: token: a name has").hasLineCount(1);
        assertThat(out()).isEmpty();
    }

    @Test
    void saysSoWhereNoCredentialRenewsItself() throws Exception {
        assertThat(run("auth", "status")).isEqualTo(2);
        assertThat(err()).isEqualTo("warder: auth: upstream.credentials has no credential that renews itself\n");
    }

    private int run(String... arguments) throws Exception {
        var console = new Console(
                new BufferedReader(Reader.nullReader()),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                name -> Optional.ofNullable(environment.get(name)));
        return new Standalone(console, Path.of("no-such-folder"), task -> {}).run(arguments);
    }

    private AccessToken shownToken() {
        Matcher matcher = TOKEN.matcher(out());
        assertThat(matcher.find()).isTrue();
        return AccessToken.parse(matcher.group()).orElseThrow();
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
