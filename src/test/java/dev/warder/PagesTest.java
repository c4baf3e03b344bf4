package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README, the pages and the READMEs of {@code conf}: every link leads to a file, and every page is found. */
class PagesTest {
    private static final Path README = Path.of("README.md");
    private static final Path PAGES = Path.of("src/site/markdown");
    private static final Pattern LINK = Pattern.compile("\\]\\(([A-Za-z.][^)#\\s]*)[^)]*\\)");
    private static final int LONGEST_README = 210;

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
}
