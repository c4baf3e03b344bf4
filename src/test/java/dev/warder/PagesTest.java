package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The README, the pages and the READMEs of {@code conf}: every link leads to a file, every page is found, and the settings
 * and packages are those of the code.
 */
class PagesTest {
    private static final Path README = Path.of("README.md");
    private static final Path PAGES = Path.of("src/site/markdown");
    private static final Pattern LINK = Pattern.compile("\\]\\(([A-Za-z.][^)#\\s]*)[^)]*\\)");
    private static final int LONGEST_README = 210;
    private static final Path INSIDE = Path.of("src/site/markdown/inside.md");
    private static final Path SOURCES = Path.of("src/main/java/dev/warder");
    private static final Pattern ROOM = Pattern.compile("\\[([a-z0-9.]+)](?!\\()");
    private static final String END = ".package-info.java";
    private static final Pattern SETTING = Pattern.compile("\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| (.+) \\|");
    private static final Pattern TYPE = Pattern.compile("\\| (\\w+) \\| [^|]+ \\|");

    private static final Pattern FILE = Pattern.compile("\\w+\\.(?:sh|json|md|txt)");

    private record Row(String name, String type, String preset) {}

    private final List<Matcher> rows = matches(SETTING);

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        var broken = new TreeSet<String>();
        for (var page : all()) {
            links(page).filter(link -> !Files.exists(link)).forEach(link -> broken.add(page + ": " + link));
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void theReadmeIsShortAndLinksEveryPageOrOneThatDoes() throws IOException {
        assertThat(Files.readAllLines(README)).hasSizeLessThan(LONGEST_README);
        var found = new TreeSet<>(links(README).toList());
        for (var link : List.copyOf(found)) {
            if (link.startsWith(PAGES)) {
                links(link).forEach(found::add);
            }
        }
        assertThat(found).containsAll(pages());
    }

    /** The targets of relative links, from the root of the repository. */
    private static Stream<Path> links(Path page) throws IOException {
        var folder = Path.of("").resolve(page).getParent();
        return LINK.matcher(Files.readString(page))
                .results()
                .map(found -> found.group(1))
                .filter(target -> !target.contains(":"))
                .map(target -> (folder == null ? Path.of(target) : folder.resolve(target)).normalize());
    }

    private static List<Path> pages() throws IOException {
        try (var files = Files.list(PAGES)) {
            return files.toList();
        }
    }

    private static List<Path> all() throws IOException {
        try (var folders = Files.list(Path.of("conf"))) {
            return Stream.of(
                            Stream.of(README, Path.of("src/bench/README.md")),
                            pages().stream(),
                            folders.map(folder -> folder.resolve("README.md")).filter(Files::exists))
                    .flatMap(each -> each)
                    .toList();
        }
    }

    @Test
    void thePageAboutTheRoomsNamesEachPackageAndNoOther() throws IOException {
        var named = ROOM.matcher(Files.readString(INSIDE)).results().map(room -> room.group(1));
        assertThat(named.collect(Collectors.toSet())).isEqualTo(packages());
        assertThat(Files.readAllLines(INSIDE)).hasSizeLessThanOrEqualTo(60);
    }

    private static Set<String> packages() throws IOException {
        try (var files = Files.walk(SOURCES)) {
            return files.map(file -> SOURCES.relativize(file).toString().replace('/', '.'))
                    .filter(name -> name.endsWith(END))
                    .map(name -> name.substring(0, name.length() - END.length()))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void settingsAreListedWithTheirTypesAndDefaults() {
        assertThat(rows.stream().map(row -> new Row(row.group(1), row.group(2), row.group(3))))
                .containsExactlyElementsOf(
                        Arrays.stream(Setting.values()).map(PagesTest::expected).toList());
    }

    @Test
    void settingsAreExplainedInTheWordsOfTheCode() {
        assertThat(rows).allSatisfy(row -> {
            var help = Setting.find(row.group(1)).orElseThrow().help();
            assertThat(row.group(4)).as(row.group(1)).startsWith(help.replaceFirst("^secret: ", ""));
        });
    }

    @Test
    void typesOfSettingsAreExplained() {
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
        for (var page : all()) {
            named.matcher(Files.readString(page))
                    .results()
                    .map(found -> found.group(1))
                    .filter(name -> !FILE.matcher(name).matches())
                    .filter(name -> Setting.find(name).isEmpty())
                    // An attribute of OpenTelemetry.
                    .filter(name -> !name.equals("http.route"))
                    .filter(name -> !page.endsWith("upgrading.md")
                            || Setting.Retired.find(name).isEmpty())
                    .forEach(name -> wrong.add(page + ": " + name));
        }
        assertThat(wrong).isEmpty();
    }

    private static Row expected(Setting setting) {
        var preset = setting.defaultText().map(text -> "`" + text + "`").orElse("–");
        return new Row(setting.publicName(), setting.type().label(), preset);
    }

    private static List<Matcher> matches(Pattern pattern) {
        try (var lines = Files.lines(PAGES.resolve("settings.md"))) {
            return lines.map(pattern::matcher).filter(Matcher::matches).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
