package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Plain English: no more of the words in {@code words.txt} than that file allows, in comments and strings of
 * {@code src/main/java}, in the README, the pages and {@code webapp}. The test prints how many there are.
 */
class WordListTest {
    private static final String AREA_OF_CODE = "main";
    private static final String AREA_OF_PAGES = "pages";

    /**
     * A row of {@code words.txt}.
     *
     * @param words what to find: whole words or phrases, in any case
     * @param plain what to write in its place
     * @param but phrases with the word that are right
     * @param most how often it may occur, by area
     * @param allowed the names of files that may have it
     */
    private record Row(
            List<String> words, String plain, List<String> but, Map<String, Integer> most, List<String> allowed) {
        static Row parse(String line) {
            var fields = line.split(";");
            var most = new TreeMap<String, Integer>();
            List<String> but = List.of();
            List<String> allowed = List.of();
            for (var field : Arrays.asList(fields).subList(2, fields.length)) {
                var text = field.strip();
                var rest = text.substring(text.indexOf(' ') + 1);
                switch (text.substring(0, text.indexOf(' '))) {
                    case "but" -> but = list(rest);
                    case "in" -> allowed = list(rest);
                    default -> most.put(text.substring(0, text.indexOf(' ')), Integer.valueOf(rest));
                }
            }
            assertThat(most).as(line).containsOnlyKeys(AREA_OF_CODE, AREA_OF_PAGES);
            return new Row(list(fields[0]), fields[1].strip(), but, most, allowed);
        }

        private static List<String> list(String text) {
            return Arrays.stream(text.split(",")).map(String::strip).toList();
        }

        int most(String area) {
            return most.getOrDefault(area, 0);
        }

        /** How often the text has it. */
        long count(String text) {
            var rest = but.isEmpty() ? text : matching(but).matcher(text).replaceAll("…");
            return matching(words).matcher(rest).results().count();
        }

        private static Pattern matching(List<String> phrases) {
            return Pattern.compile(
                    phrases.stream().map(Pattern::quote).collect(Collectors.joining("|", "\\b(?:", ")\\b")),
                    Pattern.CASE_INSENSITIVE);
        }
    }

    @Test
    void noAreaHasMoreOfAWordThanItsCeiling() throws IOException {
        var code = texts(Stream.of("src/main/java"), ".java");
        var pages = texts(Stream.of("README.md", "src/site/markdown", "webapp"), ".md", ".xml");
        var tooMany = new ArrayList<String>();
        var totals = new TreeMap<String, Long>();
        for (var row : rows()) {
            Map.of(AREA_OF_CODE, code, AREA_OF_PAGES, pages).forEach((area, texts) -> {
                var counts = counts(row, texts);
                var sum = counts.values().stream().mapToLong(each -> each).sum();
                totals.merge(area, sum, Long::sum);
                System.out.printf("[words] %-5s %4d of %4d %s%n", area, sum, row.most(area), row.words());
                if (sum > row.most(area)) {
                    tooMany.add(row.words() + ": write " + row.plain() + "; " + sum + " in " + area + ", not more than "
                            + row.most(area) + ": " + counts);
                }
            });
        }
        System.out.println("[words] total " + totals);
        assertThat(tooMany)
                .as("words of words.txt; the numbers there may only be made smaller")
                .isEmpty();
    }

    @Test
    void findsWordsInCommentsAndStringsOnly() {
        var row = Row.parse("tell, so many; report; main 0; pages 0; but tell apart");
        var source =
                "/** Tell\n * it. So\n * many {@code tell} */ int tell = f(\"tell \\\" tell\", '\"'); // tell apart\n";
        assertThat(row.count(Prose.ofJava(source).replaceAll("\\s+", " "))).isEqualTo(4);
        assertThat(row.count(Prose.ofPage("Tell `tell`, retell.\n\n    tell\n")))
                .isEqualTo(1);
    }

    private static Map<String, Long> counts(Row row, Map<Path, String> texts) {
        var counts = new TreeMap<String, Long>();
        texts.forEach((file, text) -> {
            var name = file.getFileName().toString();
            var count = row.allowed().contains(name) ? 0 : row.count(text);
            if (count > 0) {
                counts.merge(name, count, Long::sum);
            }
        });
        return counts;
    }

    private static Map<Path, String> texts(Stream<String> roots, String... endings) throws IOException {
        var texts = new TreeMap<Path, String>();
        for (var root : roots.toList()) {
            try (var files = Files.walk(Path.of(root))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    if (Stream.of(endings).anyMatch(file.toString()::endsWith)) {
                        texts.put(file, Prose.of(file));
                    }
                }
            }
        }
        return texts;
    }

    private static List<Row> rows() throws IOException {
        try (InputStream list = WordListTest.class.getResourceAsStream("words.txt")) {
            assertThat(list).isNotNull();
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Row::parse)
                    .toList();
        }
    }
}
