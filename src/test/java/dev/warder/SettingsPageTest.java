package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.RetiredSetting;
import dev.warder.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of the settings, compared with the settings that the code has. */
class SettingsPageTest {
    private static final Path PAGES = Path.of("src/site/markdown");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| (.+) \\|");
    private static final Pattern TYPE = Pattern.compile("\\| (\\w+) \\| [^|]+ \\|");

    private static final Pattern FILE = Pattern.compile("\\w+\\.(?:sh|json|md|txt)");

    private record Row(String name, String type, String preset) {}

    private final List<Matcher> rows = matches(ROW);

    @Test
    void listsEverySettingWithItsTypeAndDefaultAndNoOther() {
        assertThat(rows.stream().map(row -> new Row(row.group(1), row.group(2), row.group(3))))
                .containsExactlyElementsOf(Arrays.stream(Setting.values())
                        .map(SettingsPageTest::expected)
                        .toList());
    }

    @Test
    void explainsEverySettingInTheWordsOfTheCode() {
        assertThat(rows).allSatisfy(row -> {
            var help = Setting.find(row.group(1)).orElseThrow().help();
            assertThat(row.group(4)).as(row.group(1)).startsWith(help.replaceFirst("^secret: ", ""));
        });
    }

    @Test
    void explainsEveryType() {
        assertThat(matches(TYPE).stream().map(row -> row.group(1)).filter(name -> !name.equals("type")))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Setting.Type.values())
                        .map(Setting.Type::label)
                        .toList());
    }

    @Test
    void noPageNamesASettingThatDoesNotExist() throws IOException {
        var groups = Arrays.stream(Setting.values())
                .map(Setting::publicName)
                .filter(name -> name.contains("."))
                .map(name -> name.substring(0, name.indexOf('.')))
                .distinct()
                .collect(Collectors.joining("|"));
        var named = Pattern.compile("`((?:" + groups + ")\\.[A-Za-z0-9]+)(?=[`=])");
        var wrong = new TreeSet<String>();
        for (var page : pages()) {
            named.matcher(Files.readString(page))
                    .results()
                    .map(found -> found.group(1))
                    .filter(name -> !FILE.matcher(name).matches())
                    .filter(name -> Setting.find(name).isEmpty())
                    .filter(name -> !page.endsWith("upgrading.md")
                            || RetiredSetting.find(name).isEmpty())
                    .forEach(name -> wrong.add(page + ": " + name));
        }
        assertThat(wrong).isEmpty();
    }

    private static Row expected(Setting setting) {
        var preset = setting.defaultText().map(text -> "`" + text + "`").orElse("–");
        return new Row(setting.publicName(), setting.type().label(), preset);
    }

    private static List<Path> pages() throws IOException {
        try (var pages = Files.list(PAGES);
                var folders = Files.list(Path.of("conf"))) {
            return Stream.of(
                            Stream.of(Path.of("README.md")),
                            pages,
                            folders.map(folder -> folder.resolve("README.md")).filter(Files::exists))
                    .flatMap(each -> each)
                    .toList();
        }
    }

    private static List<Matcher> matches(Pattern pattern) {
        try (var lines = Files.lines(PAGES.resolve("settings.md"))) {
            return lines.map(pattern::matcher).filter(Matcher::matches).toList();
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
