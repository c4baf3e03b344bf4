package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That each setting is read as its type says. */
class ValueTypeTest {
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
    @EnumSource
    void isTheFormOfTheSettingsThatHaveIt(Setting setting) {
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

    /** Whether there is a problem of this setting's form, whatever else the value makes necessary, or its file has as content. */
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
                            && !each.contains("is not one JSON object"));
        }
    }
}
