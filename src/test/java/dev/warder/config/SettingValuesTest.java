package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of settings: their syntax, and that each setting is read as its type says. */
class SettingValuesTest {
    private static final Map<Setting.Type, List<String>> TAKEN = Map.of(
            Setting.Type.FLAG, List.of("true", "false"),
            Setting.Type.NUMBER, List.of("1", "70"),
            Setting.Type.SIZE, List.of("1048576", "1024k", "2m", "50%"),
            Setting.Type.DURATION, List.of("500ms", "30s", "5m", "1h"),
            Setting.Type.URL, List.of("https://gateway.example/path", "http://127.0.0.1:1"),
            Setting.Type.SECRET, List.of("value:" + "A".repeat(43) + "="),
            Setting.Type.PATH, List.of("pom.xml"));

    private static final Map<Setting.Type, List<String>> REFUSED = Map.of(
            Setting.Type.FLAG, List.of("yes", "True", "1"),
            Setting.Type.CHOICE, List.of("planted", "true"),
            Setting.Type.NUMBER, List.of("0", "many", "1.5"),
            Setting.Type.SIZE, List.of("2mb", "-1", "half"),
            Setting.Type.DURATION, List.of("30", "30 s", "25h"),
            Setting.Type.URL, List.of("gateway.example", "http://gateway.example", "ftp://gateway.example"),
            Setting.Type.SECRET, List.of("A".repeat(43) + "=", "none:NAME"),
            Setting.Type.PATH, List.of("file:pom.xml"),
            Setting.Type.FILE, List.of("pom.xml"));

    @ParameterizedTest
    @CsvSource({"1ms, PT0.001S", "30s, PT30S", "5m, PT5M", "24h, PT24H", "86400000ms, PT24H"})
    void readsDurations(String text, Duration expected) throws InvalidValueException {
        assertThat(ValueSyntax.duration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0s", "30", "30 s", "30S", "-1s", "+1s", "1.5s", "1d", "25h", "999999999999s", "٣s"})
    void refusesOtherDurations(String text) {
        assertThatThrownBy(() -> ValueSyntax.duration(text)).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"${com.sun.aas.instanceRoot}/warder.drain", "/srv/${name}/warder.drain", "${env.DRAIN}"})
    void refusesPathsWithAPlaceholderThatNobodyReplaced(String text) {
        assertThatThrownBy(() -> ValueSyntax.path(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("is a placeholder ${...} that the server has not replaced");
        assertThatThrownBy(() -> ValueSyntax.pathOf(text)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void takesADollarInAPath() throws InvalidValueException {
        assertThat(ValueSyntax.path("/srv/$a/{b}").toString()).endsWith("{b}");
    }

    @Test
    void takesZeroOnlyWhereItMeansNever() throws InvalidValueException {
        assertThat(ValueSyntax.durationOrZero("0s")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "65536, 65536", "2k, 2048", "3m, 3145728", "1g, 1073741824", "50%, 500", "100%, 1000"})
    void readsSizes(String text, long expected) throws InvalidValueException {
        assertThat(ValueSyntax.size(text, 1000, 1)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0%", "101%", "-1", "1.5m", "1M", "1mb", "1 m", "m", "%", "999999999999999g"})
    void refusesOtherSizes(String text) {
        assertThatThrownBy(() -> ValueSyntax.size(text, 1000, 1)).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRUE", "yes", "1", "on", "False"})
    void takesOnlyTrueAndFalse(String text) throws InvalidValueException {
        assertThat(ValueSyntax.flag("true")).isTrue();
        assertThat(ValueSyntax.flag("false")).isFalse();
        assertThatThrownBy(() -> ValueSyntax.flag(text)).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1k", "10000000", "٣"})
    void refusesOtherCounts(String text) {
        assertThatThrownBy(() -> ValueSyntax.count(text)).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @EnumSource
    void isReadAsTheTypeOfTheSettingSays(Setting setting) {
        if (setting == Setting.LEDGER_RETENTION) {
            // The one duration of days.
            assertThat(List.of("1d", "24h", "36500d")).noneMatch(text -> refuses(setting, text));
            assertThat(List.of("500ms", "1h", "400", "36501d")).allMatch(text -> refuses(setting, text));
            return;
        }
        if (setting == Setting.BUDGET_WAIT) {
            assertThat(List.of("500ms", "30s", "10m", "0s")).noneMatch(text -> refuses(setting, text));
            assertThat(List.of("30", "30 s", "11m", "1h")).allMatch(text -> refuses(setting, text));
            return;
        }
        assertThat(TAKEN.getOrDefault(setting.type(), List.of()))
                .allSatisfy(text -> assertThat(refuses(setting, text)).as(text).isFalse());
        assertThat(REFUSED.getOrDefault(setting.type(), List.of()))
                .allSatisfy(text -> assertThat(refuses(setting, text)).as(text).isTrue());
    }

    /**
     * Whether there is a problem of this setting's form, whatever else the value makes necessary, or its file has as
     * content.
     */
    private static boolean refuses(Setting setting, String text) {
        try {
            Sources.with(setting.publicName(), text).read();
            return false;
        } catch (ConfigException problems) {
            return problems.problems().stream()
                    .anyMatch(each -> each.startsWith(setting.publicName() + ": ")
                            && !each.contains("must not be true without")
                            && !each.contains("must not be set without")
                            && !each.contains("has no meaning without")
                            && !each.contains("has neither a certificate nor a key")
                            && !each.contains("is not one JSON object"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://login.example",
                "https://login.example/oauth/token/",
                "https://login.example:8443/authorize?tenant=a&b=c%20d",
                "http://localhost:1455/callback",
                "http://LOCALHOST/callback",
                "http://127.0.0.1:9/callback",
                "http://[::1]:9/callback"
            })
    void takesUrlsOfEndpointsAsTheyAre(String text) throws InvalidValueException {
        assertThat(EndpointUrl.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "login.example/token",
                "/token",
                "",
                "ftp://login.example",
                "urn:ietf:wg:oauth:2.0:oob",
                "https:login.example",
                "https:///token",
                "https://planted@login.example/token",
                "https://user:planted@login.example/token",
                "https://login.example/token#planted",
                "https://login.example/token#",
                "https://login.example:0/token",
                "https://login.example:70000/token",
                "https://login.example/planted token",
                "https://login.example/plantéd",
                "http://login.example/token",
                "http://localhost.example/token",
                "http://localhost@login.example/token",
                "http://127.0.0.1.example/token",
                "http://10.0.0.1/token"
            })
    void refusesWhatIsNoSafePlaceForASecret(String text) {
        assertThatThrownBy(() -> EndpointUrl.parse(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageNotContaining("plant");
    }

    @ParameterizedTest
    @EnumSource
    void aSettingIsFoundByItsNameAndHasOneLineOfHelp(Setting setting) {
        assertThat(Setting.find(setting.publicName())).contains(setting);
        assertThat(setting.help()).isNotBlank().doesNotContain("\n");
    }

    @Test
    void aSettingHasTheNameThatIsBuiltAndNoOther() {
        assertThat(Setting.find("openai.model")).isEmpty();
        assertThat(Setting.UPSTREAM_URL.defaultText()).contains("https://api.anthropic.com");
        assertThat(Setting.CLIENTS_TOKEN.defaultText()).isEmpty();
    }
}
