package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.proxy.Limits;
import dev.warder.proxy.Timeouts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void usesTheDefaultsWhereNothingIsSet() {
        WarderConfig config = new Sources().read();

        assertThat(config.upstream().url()).isEqualTo(URI.create("https://api.anthropic.com"));
        assertThat(config.upstream().credentials()).isEmpty();
        assertThat(config.upstream().version()).isEqualTo("2023-06-01");
        assertThat(config.clients().configured()).isFalse();
        assertThat(config.clients().header()).isEqualTo("X-Warder-Token");
        assertThat(config.passthrough()).isTrue();
        assertThat(config.limits())
                .isEqualTo(new Limits(32 << 20, 300L << 20, Duration.ofMinutes(1), 5000, 150L << 20, 2500, 16 << 20));
        assertThat(config.timeouts())
                .isEqualTo(new Timeouts(
                        Duration.ofSeconds(3),
                        Optional.empty(),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5)));
        assertThat(config.keepAlive()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.drainFile()).isEmpty();
    }

    @Test
    void prefersJndiThenInitParamThenContextParam() {
        var sources = new Sources().contextParam("warder.limits.streams", "3");
        assertThat(sources.read().limits().streams()).isEqualTo(3);
        sources.initParam("ClientAuthFilter", "limits.streams", "2");
        assertThat(sources.read().limits().streams()).isEqualTo(2);
        sources.set("limits.streams", "1");
        assertThat(sources.read().limits().streams()).isEqualTo(1);
    }

    @Test
    void saysWhichOfSeveralPlacesCounts() {
        var sources = new Sources().contextParam("warder.limits.streams", "3");
        assertThat(sources.notes()).isEmpty();
        sources.initParam("ClientAuthFilter", "limits.streams", "2");
        assertThat(sources.notes())
                .containsExactly("limits.streams: is set more than once; init-param of ClientAuthFilter counts,"
                        + " not context-param warder.limits.streams");
        sources.initParam("ProxyServlet", "limits.streams", "2").set("limits.streams", "1");
        assertThat(sources.notes())
                .containsExactly("limits.streams: is set more than once; JNDI warder/limits.streams counts,"
                        + " not init-param of ClientAuthFilter and not init-param of ProxyServlet"
                        + " and not context-param warder.limits.streams");
    }

    @Test
    void namesTheVariableOfASecretThatIsTooShort() {
        var sources = Sources.with("clients.token", "env:TOKEN").env("TOKEN", "t".repeat(15));
        assertThat(sources.problems())
                .containsExactly("clients.token: env:TOKEN has 15 characters; 16 to 512 are needed"
                        + " (JNDI warder/clients.token)");
    }

    @Test
    void notesABodyThatCanTakeAllMemoryWhenItIsCoded() {
        assertThat(Sources.with("limits.memory", "48m").notes())
                .containsExactly("limits.body: is more than half of limits.memory, which a gzip body can take twice");
    }

    @Test
    void showsNoValueOfASettingThatIsSetTwice() {
        var sources = Sources.with("clients.token", "env:TOKEN")
                .env("TOKEN", "t".repeat(16))
                .contextParam("warder.clients.token", "planted-in-the-wrong-place");
        assertThat(sources.notes())
                .containsExactly("clients.token: is set more than once; JNDI warder/clients.token counts,"
                        + " not context-param warder.clients.token");
    }

    @Test
    void countsBlankValuesAsUnset() {
        var sources = Sources.with("limits.streams", "")
                .initParam("A", "limits.streams", " ")
                .initParam("B", "limits.streams", "\n 7 \n")
                .contextParam("warder.passthrough", "");
        assertThat(sources.read().limits().streams()).isEqualTo(7);
        assertThat(sources.notes()).isEmpty();
    }

    @Test
    void takesNumbersAndBooleansFromJndi() {
        WarderConfig config =
                Sources.with("limits.streams", 12).set("passthrough", false).read();
        assertThat(config.limits().streams()).isEqualTo(12);
        assertThat(config.passthrough()).isFalse();
    }

    @Test
    void refusesOtherObjectsAndBrokenBindingsInJndi() {
        assertThat(Sources.with("limits.streams", new Object()).problem())
                .startsWith("limits.streams: ")
                .contains("neither");
        var broken = new IllegalStateException("planted-text", new IOException("planted-text"));
        assertThat(Sources.with("limits.streams", broken).problem())
                .startsWith("limits.streams: ")
                .contains("IOException")
                .doesNotContain("planted-text");
    }

    @Test
    void refusesDifferentValuesInDifferentFiltersEvenBehindJndi() {
        var sources = Sources.with("limits.body", "1m")
                .initParam("ProxyServlet", "limits.body", "2m")
                .initParam("ClientAuthFilter", "limits.body", "3m");
        assertThat(sources.problem()).startsWith("limits.body: ").contains("ClientAuthFilter", "ProxyServlet");
    }

    @Test
    void acceptsTheSameValueInDifferentFilters() {
        var sources = new Sources().initParam("A", "limits.body", "2m").initParam("B", "limits.body", "2m");
        assertThat(sources.read().limits().body()).isEqualTo(2 << 20);
    }

    @Test
    void reportsUnknownNamesWithTheNearestOne() {
        var sources = new Sources()
                .initParam("ProxyServlet", "limits.bdy", "planted")
                .initParam("ProxyServlet", "warder.prompt.mode", "planted")
                .contextParam("warder.upstream.URL", "planted")
                .contextParam("warder.metrics.buckets", "planted")
                .contextParam("javax.faces.PROJECT_STAGE", "planted");
        assertThat(sources.problems())
                .containsExactlyInAnyOrder(
                        "limits.bdy: unknown name (init-param of ProxyServlet); did you mean limits.body?",
                        "warder.prompt.mode: unknown name (init-param of ProxyServlet); did you mean prompt.mode?",
                        "upstream.URL: unknown name (context-param warder.upstream.URL); did you mean upstream.url?",
                        "metrics.buckets: unknown name (context-param warder.metrics.buckets)");
    }

    @Test
    void reportsAllProblemsAtOnce() {
        var sources = Sources.with("upstream.url", "ftp://h")
                .set("upstream.credentials", "a*0=oauth;B=env:X;c=env:MISSING")
                .set("clients.token", "no-scheme")
                .set("clients.open", "yes")
                .set("limits.body", "32mb")
                .set("timeouts.idle", "0s")
                .contextParam("warder.nothing", "x");
        assertThat(sources.problems())
                .satisfiesExactly(
                        problem -> assertThat(problem).startsWith("upstream.url: "),
                        problem -> assertThat(problem).startsWith("upstream.credentials: entry 1: "),
                        problem -> assertThat(problem).startsWith("upstream.credentials: entry 2: "),
                        problem -> assertThat(problem).startsWith("upstream.credentials: entry 3: "),
                        problem -> assertThat(problem).startsWith("clients.token: "),
                        problem -> assertThat(problem).startsWith("clients.open: "),
                        problem -> assertThat(problem).startsWith("limits.body: "),
                        problem -> assertThat(problem).startsWith("timeouts.idle: "),
                        problem -> assertThat(problem).startsWith("nothing: "));
    }

    @Test
    void listsAllProblemsInTheMessageAndSaysWhereTheyCameFrom() {
        var exception = new ConfigException(List.of("a: one", "b: two"));
        assertThat(exception).hasMessageContaining("a: one").hasMessageContaining("b: two");
        assertThat(new Sources().initParam("ProxyServlet", "limits.body", "x").problem())
                .endsWith("(init-param of ProxyServlet)");
    }

    @ParameterizedTest
    @EnumSource(
            value = Setting.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {
                "PROMPT_TEXT",
                "PROMPT_SKIP_MODELS",
                "OAUTH_SCOPES",
                "DRAIN_FILE",
                "UPSTREAM_VERSION",
                "CLIENTS_HEADER"
            })
    void namesEverySettingThatHasABadValue(Setting setting) {
        assertThat(Sources.with(setting.publicName(), "planted value").problem())
                .startsWith(setting.publicName() + ": ")
                .doesNotContain("planted");
    }

    @Test
    void refusesOpenAccessTogetherWithTokens() throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), "# none\n");
        var sources = Sources.with("clients.open", true);
        assertThat(sources.read().clients().configured()).isTrue();
        sources.set("clients.file", file.toString());
        assertThat(sources.problem()).startsWith("clients.open: ");
        sources.set("clients.file", "").set("clients.token", "value:" + "t".repeat(20));
        assertThat(sources.problem()).startsWith("clients.open: ");
    }

    @Test
    void takesAClientsFileThatCanBeRead() throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), "# none\n");
        assertThat(Sources.with("clients.file", file.toString())
                        .read()
                        .clients()
                        .file())
                .contains(file.toAbsolutePath());
        assertThat(Sources.with("clients.file", folder.resolve("other").toString())
                        .problem())
                .startsWith("clients.file: file: ");
        assertThat(Sources.with("clients.file", folder.toString()).problem()).startsWith("clients.file: ");
        assertThat(Sources.with("clients.file", "file:" + file).problem()).contains("plain path");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "x-api-key",
                "HOST",
                "Content-Length",
                "transfer-encoding",
                "Connection",
                "Cookie",
                "anthropic-beta",
                "Proxy-Authorization",
                "Sec-Token",
                "with blank",
                "with:colon",
                "tökén"
            })
    void refusesFieldsThatMeanSomethingElse(String name) {
        assertThat(Sources.with("clients.header", name).problem()).startsWith("clients.header: ");
    }

    @Test
    void takesAnotherDedicatedField() {
        assertThat(Sources.with("clients.header", "X-Gateway_Key")
                        .read()
                        .clients()
                        .header())
                .isEqualTo("X-Gateway_Key");
    }

    @Test
    void refusesAVersionThatCannotTravel() {
        assertThat(Sources.with("upstream.version", "2023 06").problem()).startsWith("upstream.version: ");
        assertThat(Sources.with("upstream.version", "2023\r\nX: y").problem()).startsWith("upstream.version: ");
    }

    @Test
    void speaksHttp2ForEventStreamsUnlessToldOtherwise() {
        assertThat(new Sources().read().upstream().http2()).isEqualTo(Http2.STREAMING);
        assertThat(Sources.with("upstream.http2", "auto").read().upstream().http2())
                .isEqualTo(Http2.AUTO);
        assertThat(Sources.with("upstream.http2", "off").read().upstream().http2())
                .isEqualTo(Http2.OFF);
        assertThat(Sources.with("upstream.http2", "on").problem())
                .startsWith("upstream.http2: must be streaming, auto or off");
    }

    @Test
    void readsWhatOneClientMayTakeAsAPartOfTheWholeOrByItself() {
        var parts = Sources.with("limits.memory", "64m")
                .set("limits.streams", "50")
                .set("limits.clientMemory", "25%")
                .set("limits.clientStreams", "10%")
                .set("timeouts.clientRead", "5s")
                .read();
        assertThat(parts.limits().clientMemory()).isEqualTo(16 << 20);
        assertThat(parts.limits().clientStreams()).isEqualTo(5);
        assertThat(parts.timeouts().clientRead()).isEqualTo(Duration.ofSeconds(5));
        var amounts = Sources.with("limits.memory", "64m")
                .set("limits.clientMemory", "100m")
                .set("limits.clientStreams", "7")
                .read();
        assertThat(amounts.limits().clientMemory()).isEqualTo(64 << 20);
        assertThat(amounts.limits().clientStreams()).isEqualTo(7);
        assertThat(Sources.with("limits.clientMemory", "101%").problem()).contains("a part of limits.memory");
        assertThat(Sources.with("limits.clientStreams", "0%").problem()).contains("more than nothing");
        assertThat(Sources.with("limits.clientStreams", "many").problem()).contains("a part of limits.streams");
    }

    @Test
    void readsLimitsAndTimeouts() {
        WarderConfig config = Sources.with("limits.body", "512k")
                .set("limits.memory", "64m")
                .set("limits.memoryWait", "500ms")
                .set("limits.event", "1k")
                .set("timeouts.firstByte", "2m")
                .set("stream.keepAlive", "0s")
                .set("drain.file", folder.resolve("drain").toString())
                .read();
        assertThat(config.limits())
                .isEqualTo(new Limits(512 << 10, 64 << 20, Duration.ofMillis(500), 5000, 32 << 20, 2500, 1 << 10));
        assertThat(config.timeouts().firstByte(true)).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.timeouts().firstByte(false)).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.keepAlive()).isZero();
        assertThat(config.drainFile()).contains(folder.resolve("drain").toAbsolutePath());
    }

    @Test
    void givesStreamsAShorterTimeToTheFirstByte() {
        Timeouts timeouts = new Sources().read().timeouts();
        assertThat(timeouts.firstByte(true)).hasSeconds(120);
        assertThat(timeouts.firstByte(false)).hasSeconds(660);
    }

    @Test
    void refusesLessMemoryThanOneMebibyte() {
        assertThat(Sources.with("limits.memory", "1023k").problem()).startsWith("limits.memory: ");
        assertThat(Sources.with("limits.memory", "1m").read().limits().memory()).isEqualTo(1 << 20);
    }

    @Test
    void warnsOfWhatAnOperatorShouldKnow() throws IOException {
        Path drain = Files.createFile(folder.resolve("drain"));
        assertThat(Sources.with("clients.open", "true")
                        .set("upstream.url", "https://gateway.example/base/v1")
                        .set("upstream.credentials", "main=value:" + "k".repeat(20))
                        .set("clients.pepper", "env:PEPPER")
                        .env("PEPPER", "p".repeat(20))
                        .set("limits.body", "900m")
                        .set("limits.memory", "2g")
                        .set("drain.file", drain.toString())
                        .warnings())
                .satisfiesExactlyInAnyOrder(
                        warning -> assertThat(warning).startsWith("clients.open: EVERYBODY"),
                        warning ->
                                assertThat(warning).startsWith("upstream.url: ").contains("gateway.example"),
                        warning -> assertThat(warning).startsWith("upstream.url: ends with /v1"),
                        warning -> assertThat(warning)
                                .startsWith("upstream.credentials: ")
                                .contains("value:"),
                        warning -> assertThat(warning).startsWith("clients.pepper: "),
                        warning -> assertThat(warning).startsWith("limits.memory: "),
                        warning -> assertThat(warning).startsWith("drain.file: "));
        assertThat(Sources.with("limits.memory", "2m")
                        .set("passthrough", "false")
                        .warnings())
                .anySatisfy(warning -> assertThat(warning).startsWith("limits.body: "))
                .anySatisfy(warning -> assertThat(warning).startsWith("upstream.credentials: "))
                .anySatisfy(warning -> assertThat(warning).startsWith("clients.token: "));
    }

    @Test
    void warnsOfNothingInAPlainSetUp() {
        assertThat(Sources.with("clients.token", "env:TOKEN")
                        .env("TOKEN", "t".repeat(16))
                        .warnings())
                .isEmpty();
    }
}
