package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.cli.Console;
import dev.warder.config.Setting;
import dev.warder.testkit.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandaloneTest {
    private static final String GOOD = "sk-" + "ant-api03-" + "g".repeat(40);
    private static final String BAD = "sk-" + "ant-api03-" + "b".repeat(40);
    private static final Pattern TOKEN = Pattern.compile("wrd_[a-z2-7]{8}_[a-z2-7]{59}");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>(Map.of("PEPPER", "a pepper of some length"));

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
        assertThat(run("token", "build")).isZero();
        AccessToken token = shownToken();
        assertThat(out()).contains("\n  " + token.line("build") + "\n").containsOnlyOnce(token.reveal());
        out.reset();
        run("token", "build");
        assertThat(shownToken().reveal()).isNotEqualTo(token.reveal());
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
    void refusesALoginInADatabaseWithoutOne() throws Exception {
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
    void saysSoWhereNoCredentialRenewsItself() throws Exception {
        assertThat(run("auth", "status")).isEqualTo(2);
        assertThat(err()).isEqualTo("warder: auth: upstream.credentials has no credential that renews itself\n");
    }

    @Test
    void showsKeysAsConfiguredAndAsksTheUpstreamWhetherItTakesThem() throws Exception {
        environment.put("GOOD", GOOD);
        environment.put("BAD", BAD);
        try (var upstream = ScriptedUpstream.plain()) {
            upstream.on(
                    "/v1/models",
                    (request, reply) -> reply.json(
                            request.fields().values("x-api-key").contains(GOOD) ? 200 : 401, "{\"data\":[]}"));
            var url = "--upstream.url=" + upstream.uri();
            var both = "--upstream.credentials=good=env:GOOD; bad=env:BAD";
            assertThat(run("auth", "status", url, both)).isZero();
            assertThat(out()).contains("credential:   good (api-key)", "credential:   bad (api-key)", "configured");
            assertThat(upstream.requests()).isEmpty();
            out.reset();
            assertThat(run("auth", "validate", url, both)).isEqualTo(1);
            assertThat(out())
                    .contains("credential:   good (api-key)", "upstream:     accepted")
                    .contains("credential:   bad (api-key)", "upstream:     failed: the upstream returned 401");
            assertThat(run("auth", "validate", "good", url, both)).isZero();
            assertThat(run("auth", "validate", "none", url, both)).isEqualTo(2);
            assertThat(err()).contains("there is no such credential as none; there is: good, bad");
            assertThat(upstream.take().fields().values("anthropic-version")).hasSize(1);
        }
        assertThat(run("auth", "validate", "--upstream.url=http://127.0.0.1:1", "--upstream.credentials=good=env:GOOD"))
                .isEqualTo(1);
        assertThat(out() + err()).contains("the upstream was not reached").doesNotContain(GOOD, BAD);
    }

    /** As gateway, health and page do: nothing helps but a new login. */
    @Test
    void callsAnExpiredLoginWithoutARefreshTokenUnusable(@TempDir Path folder) throws Exception {
        var file = folder.resolve("login.json");
        var login = "{\"access_token\":\"" + GOOD + "\",\"expires_at\":%d}";
        String[] command = {
            "auth",
            "status",
            "--upstream.credentials=team=oauth",
            "--oauth.tokenUrl=https://login.example/token",
            "--oauth.clientId=warder",
            "--oauth.store=file:" + file
        };
        Files.writeString(file, login.formatted(1_700_000_000L));
        assertThat(run(command)).isEqualTo(1);
        assertThat(out()).contains("not usable: The login of credential team has no refresh token; log in again.");
        out.reset();
        Files.writeString(file, login.formatted(4_000_000_000L));
        assertThat(run(command)).isZero();
        assertThat(out()).contains("state:        usable");
        out.reset();
        Files.writeString(file, login.formatted(1_700_000_000L).replace("}", ",\"refresh_token\":\"r\"}"));
        assertThat(run(command)).isZero();
    }

    private int run(String... arguments) throws Exception {
        var console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                name -> Optional.ofNullable(environment.get(name)));
        return new Standalone(console, Path.of("no-such-folder"), Path.of("no-such-folder"), task -> {}).run(arguments);
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
