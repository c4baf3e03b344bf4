package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.cli.CommandLine.UsageException;
import dev.warder.config.Secret;
import dev.warder.contract.Eventually;
import dev.warder.credential.ManagedCredential;
import dev.warder.oauth.CredentialControl;
import dev.warder.testkit.FreePort;
import dev.warder.testkit.Limit;
import dev.warder.testkit.ScriptedControl;
import dev.warder.upstream.Outbound;
import dev.warder.upstream.UpstreamSettings;
import dev.warder.upstream.UpstreamSettings.Http2;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthCommandTest {
    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
    private static final String STATE = ScriptedControl.STATE;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ScriptedControl control = control(Optional.empty(), "http://login.example/authorize");

    @Test
    void showsHowACredentialStands() throws Exception {
        assertThat(run(Command.Auth.Action.STATUS, "")).isZero();
        assertThat(out())
                .contains("credential:   main (oauth)", "state:        usable", "kept in:      file /srv/login.json")
                .contains("account:      Example Ltd", "scopes:       user:inference", "token:        sk-plant…t9Kw")
                .contains(
                        "expires:      2026-11-21 02:05:00 UTC (in 2 h 5 min)", "last refresh: 2026-11-20 23:57:00 UTC")
                .contains("last error:   it said ?[31mno");
    }

    @Test
    void failsForACredentialThatIsOfNoUse() throws Exception {
        var terminal = control(Optional.of("the login was refused; log in again"), "");
        assertThat(run(terminal, Command.Auth.Action.STATUS, "")).isEqualTo(1);
        assertThat(out()).contains("state:        not usable: the login was refused; log in again");
        assertThat(run(terminal, Command.Auth.Action.LOGOUT, "")).isZero();
    }

    @Test
    void failsWhereTheStoreCannotBeRead() throws Exception {
        var unread = withoutToken(Optional.of("file /srv/login.json is encrypted"));
        assertThat(run(unread, Command.Auth.Action.STATUS, "")).isEqualTo(1);
        assertThat(out()).contains("state:        not usable: file /srv/login.json is encrypted", "token:        none");
    }

    @Test
    void saysWhereNoTokenWasNeededYet() throws Exception {
        assertThat(run(withoutToken(Optional.empty()), Command.Auth.Action.STATUS, ""))
                .isZero();
        assertThat(out()).contains("state:        no token yet; one is obtained when it is needed");
    }

    @Test
    void tellsWhyARefreshFailed() throws Exception {
        control.fail("the token endpoint said invalid_grant");
        assertThat(run(Command.Auth.Action.REFRESH, "")).isEqualTo(1);
        assertThat(err()).isEqualTo("warder: main: the token endpoint said invalid_grant\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"the-code#" + STATE, "https://back.example/cb?code=the-code&state=" + STATE + "#x"})
    void logsInWithWhatIsPasted(String pasted) throws Exception {
        assertThat(run(Command.Auth.Action.LOGIN, "nonsense\n\n  " + pasted + " \n"))
                .isZero();
        assertThat(control.asked()).containsExactly("beginLogin", "finishLogin the-code " + STATE);
        assertThat(out()).contains("  http://login.example/authorize?state=" + STATE + "\n", "state:        usable");
        assertThat(err()).contains("neither code#state nor an address");
        assertThat(out() + err()).doesNotContain("the-code");
    }

    @Test
    void takesNoCodeOfAnotherLogin() throws Exception {
        assertThat(run(Command.Auth.Action.LOGIN, "the-code#other\n")).isEqualTo(1);
        assertThat(control.asked()).containsExactly("beginLogin");
        assertThat(err()).contains("belongs to another login");
    }

    @Test
    void saysInPlainWordsThatTheLoginWasRefused() throws Exception {
        String pasted = "https://back.example/cb?error=access_denied&state=" + STATE;
        assertThat(run(Command.Auth.Action.LOGIN, pasted + "\n")).isEqualTo(1);
        assertThat(err()).contains("The login was refused");
    }

    @Test
    void failsWhenNothingIsPasted() throws Exception {
        assertThat(run(Command.Auth.Action.LOGIN, "")).isEqualTo(1);
        assertThat(err()).isEqualTo("warder: main: no code was given\n");
    }

    @Test
    void takesTheCodeFromTheBrowserOnThisMachine() throws Exception {
        URI back = URI.create("http://127.0.0.1:" + FreePort.next() + "/cb");
        var local = control(Optional.empty(), "http://login.example/authorize?redirect_uri=" + back);
        try (var nobodyTypes = new PipedOutputStream()) {
            var terminal = new PipedInputStream(nobodyTypes);
            var running = CompletableFuture.supplyAsync(() -> exitCode(local, terminal));
            assertThat(visit(URI.create(back + "?code=c&state=wrong")).statusCode())
                    .isEqualTo(400);
            assertThat(visit(back.resolve("/other?code=c&state=" + STATE)).statusCode())
                    .isEqualTo(400);
            var page = visit(URI.create(back + "?code=the-code&state=" + STATE));
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).startsWith("You can close this window");
            assertThat(running.get()).isZero();
        }
        assertThat(local.asked()).containsExactly("beginLogin", "finishLogin the-code " + STATE);
    }

    @Test
    void wantsToKnowWhichCredentialIsMeant() throws Exception {
        var command = command(InputStream.nullInputStream(), List.of(control, control));
        assertThatThrownBy(() -> command.run(asked(Command.Auth.Action.REFRESH, Optional.empty())))
                .isInstanceOf(UsageException.class)
                .hasMessage("auth: name one of these credentials: main, main");
        assertThat(command.run(asked(Command.Auth.Action.STATUS, Optional.empty())))
                .isZero();
        assertThatThrownBy(() -> command.run(asked(Command.Auth.Action.STATUS, Optional.of("team"))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("there is no such credential");
    }

    /** Not every character set has the ellipsis. */
    @ParameterizedTest
    @CsvSource({"US-ASCII, ...", "UTF-8, \u2026"})
    void marksAMaskedTokenByWhatTheTerminalCanShow(Charset charset, String mark) {
        var bytes = new ByteArrayOutputStream();
        try (var terminal = Console.terminal(bytes, charset)) {
            terminal.println("token: sk-plant\u2026t9Kw");
        }
        assertThat(bytes.toString(charset)).isEqualTo("token: sk-plant" + mark + "t9Kw" + System.lineSeparator());
    }

    /** A server that accepts connections and is silent. A slow machine may need longer once; without the setting it is always 3 s. */
    @Test
    void waitsForASecureConnectionNoLongerThanTheSettingSays() throws Exception {
        var key = new ManagedCredential.Fixed("main", 1, false, Secret.of("k".repeat(20)));
        try (var silent = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
                var probe = probe("https://127.0.0.1:" + silent.getLocalPort(), Duration.ofMillis(20))) {
            Eventually.holds(Limit.seconds(10), () -> {
                var began = System.nanoTime();
                assertThat(probe.problem(key))
                        .hasValueSatisfying(text -> assertThat(text).contains("was not reached"));
                return System.nanoTime() - began < TimeUnit.SECONDS.toNanos(2);
            });
        }
    }

    private int run(Command.Auth.Action action, String typed) throws UsageException {
        return run(control, action, typed);
    }

    private int run(ScriptedControl with, Command.Auth.Action action, String typed) throws UsageException {
        return command(new ByteArrayInputStream(typed.getBytes(Charset.defaultCharset())), List.of(with))
                .run(asked(action, Optional.empty()));
    }

    private int exitCode(ScriptedControl with, InputStream terminal) {
        try {
            return command(terminal, List.of(with)).run(asked(Command.Auth.Action.LOGIN, Optional.of("main")));
        } catch (UsageException wrong) {
            throw new IllegalStateException(wrong);
        }
    }

    private AuthCommand command(InputStream typed, List<CredentialControl> controls) {
        var console = new Console(
                typed,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                name -> Optional.empty());
        return new AuthCommand(console, new AuthCommand.Controls(controls, List.of(), () -> {}), probe(), () -> NOW);
    }

    /** Not asked by any of these tests. */
    private static AuthCommand.CredentialProbe probe() {
        return probe("http://127.0.0.1:1", Duration.ofSeconds(3));
    }

    private static AuthCommand.CredentialProbe probe(String url, Duration connect) {
        var upstream = new UpstreamSettings(
                URI.create(url), "2023-06-01", Http2.OFF, UpstreamSettings.Threads.PASS, Outbound.DIRECT);
        return new AuthCommand.CredentialProbe(upstream, connect);
    }

    private static Command.Auth asked(Command.Auth.Action action, Optional<String> name) {
        return new Command.Auth(action, name);
    }

    private static ScriptedControl control(Optional<String> outOfUse, String authorizeUrl) {
        var status = new CredentialControl.Status(
                "main",
                "oauth",
                "file /srv/login.json",
                Optional.of("sk-plant…t9Kw"),
                Optional.of("Example Ltd"),
                List.of("user:inference"),
                Optional.of(NOW.plus(Duration.ofMinutes(125))),
                Optional.of(NOW.minus(Duration.ofMinutes(3))),
                Optional.of("it said \u001b[31mno"),
                outOfUse);
        return new ScriptedControl(URI.create(authorizeUrl), status);
    }

    private static ScriptedControl withoutToken(Optional<String> lastError) {
        var nothing = Optional.<String>empty();
        var never = Optional.<Instant>empty();
        return new ScriptedControl(
                URI.create(""),
                new CredentialControl.Status(
                        "main", "oauth", "a place", nothing, nothing, List.of(), never, never, lastError, nothing));
    }

    /** As a browser does, once somebody listens. */
    private static HttpResponse<String> visit(URI uri) throws IOException, InterruptedException {
        var client = HttpClient.newHttpClient();
        while (true) {
            try {
                return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            } catch (ConnectException notYet) {
                Thread.onSpinWait();
            }
        }
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
