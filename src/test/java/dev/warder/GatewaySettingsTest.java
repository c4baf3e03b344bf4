package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Setting;
import dev.warder.config.Sources;
import dev.warder.exchange.ProxySettings.Limits;
import dev.warder.exchange.up.Deadlines.Timeouts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The settings of all features together, as the application reads them. */
class GatewaySettingsTest {
    private static final String TOKEN = "planted-" + "t".repeat(20);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void usesTheDefaultsWhereNothingIsSet() {
        GatewaySettings settings = new Sources().read();

        assertThat(settings.upstream().url()).isEqualTo(URI.create("https://api.anthropic.com"));
        assertThat(settings.managed().credentials()).isEmpty();
        assertThat(settings.upstream().version()).isEqualTo("2023-06-01");
        assertThat(settings.clients().configured()).isFalse();
        assertThat(settings.clients().header()).isEqualTo("X-Warder-Token");
        assertThat(settings.managed().passthrough()).isTrue();
        assertThat(settings.proxy().limits())
                .isEqualTo(new Limits(32 << 20, 300L << 20, Duration.ofMinutes(1), 5000, 150L << 20, 2500, 16 << 20));
        assertThat(settings.proxy().timeouts())
                .isEqualTo(new Timeouts(
                        Duration.ofSeconds(3),
                        Optional.empty(),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5)));
        assertThat(settings.proxy().keepAlive()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.proxy().drainFile()).isEmpty();
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
    void reportProblemsOfAllFeaturesTogether() {
        var otherValues = Map.of(
                Setting.OAUTH_SCOPES, "a\"b",
                Setting.PROMPT_TEXT, "file:none",
                Setting.PROMPT_SKIP_MODELS, "a*b",
                Setting.DRAIN_FILE, "file:none",
                Setting.BUDGET_CONTACT, "c".repeat(201),
                Setting.DATA_DIR, "file:none");
        var sources = new Sources();
        for (var setting : Setting.values()) {
            sources.set(setting.publicName(), otherValues.getOrDefault(setting, "no value"));
        }
        var named = sources.problems().stream()
                .map(problem -> problem.substring(0, problem.indexOf(": ")))
                .toList();
        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Setting.values()).map(Setting::publicName).toList());
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
                "DATA_DIR",
                "UPSTREAM_VERSION",
                "CLIENTS_HEADER"
            })
    void namesEverySettingThatHasABadValue(Setting setting) {
        assertThat(Sources.with(setting.publicName(), "planted value").problem())
                .startsWith(setting.publicName() + ": ")
                .doesNotContain("planted");
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
                        .env("TOKEN", "t".repeat(32))
                        .warnings())
                .isEmpty();
    }

    @Test
    void showNoSecretInTheirTextOrTheirWarnings() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), TOKEN + "-file");
        var sources = Sources.with("clients.token", "value:" + TOKEN)
                .set("clients.pepper", "env:P")
                .env("P", TOKEN + "-pepper")
                .set("upstream.credentials", "a=file:" + file + ";b=bearer:value:" + TOKEN + "-b")
                .set("prompt.text", "planted prompt");
        assertThat(sources.read().toString()).contains("Secret[file]").doesNotContain("planted");
        assertThat(sources.warnings()).isNotEmpty().noneMatch(warning -> warning.contains("planted"));
    }

    /** The heap has 1,000 MiB, of which 300 are for bodies, a quarter is for all else, and a fifth stays free. */
    @Test
    void permitsNoMoreExchangesThanFitInTheHeapUnlessTheNumberIsSet() {
        var small = new Sources().exchangeMemory(0);
        assertThat(small.read().proxy().limits().streams()).isEqualTo(5000);
        assertThat(small.exchangeMemory(152 * 1024).read().proxy().limits())
                .satisfies(limits -> assertThat(limits.streams()).isEqualTo(1684))
                .satisfies(limits -> assertThat(limits.clientStreams()).isEqualTo(842));
        assertThat(small.notes()).contains("limits.streams: is 1684, since no more fit in the heap of this server");
        assertThat(small.exchangeMemory(10 << 20).read().proxy().limits().streams())
                .isEqualTo(100);
        assertThat(small.set("limits.streams", "4000").read().proxy().limits().streams())
                .isEqualTo(4000);
    }
}
