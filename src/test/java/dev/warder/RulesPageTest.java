package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of the rules that comments cite: each cited rule is there, and each rule there is cited. */
class RulesPageTest {
    private static final Path PAGE = Path.of("src/site/markdown/rules.md");

    /** {@code rule "…"}, or {@code rules "…", "…" and "…"}. */
    private static final Pattern CITATION =
            Pattern.compile("\\b[Rr]ules? (\"[^\"]+\"(?:, \"[^\"]+\")*(?: and \"[^\"]+\")?)");

    private static final Pattern NAME = Pattern.compile("\"([^\"]+)\"");

    @Test
    void hasEveryRuleThatIsCitedAndNoOther() throws IOException {
        assertThat(rules()).containsExactlyInAnyOrderElementsOf(cited());
    }

    @Test
    void givesTheReasonAndTheSourceOfEveryRule() throws IOException {
        var sections = Files.readString(PAGE).split("\n## ");
        assertThat(Stream.of(sections).skip(1))
                .allSatisfy(section -> assertThat(section).contains("\n*Reason:* ", "\n*Source:* "));
    }

    /** A reader of the repository can look up only what the repository has. */
    @Test
    void noCommentCitesADocumentThatIsNotInTheRepository() throws IOException {
        var elsewhere = Pattern.compile("\\(rulings?,? \\d|\\bruling \\d|client contract|\\blaw \\d");
        var found = new TreeSet<String>();
        for (var file : sources()) {
            if (elsewhere
                    .matcher(comments(file).toLowerCase(java.util.Locale.ROOT))
                    .find()) {
                found.add(file.toString());
            }
        }
        assertThat(found).isEmpty();
    }

    private static List<String> rules() throws IOException {
        try (var lines = Files.lines(PAGE)) {
            return lines.filter(line -> line.startsWith("## "))
                    .map(line -> line.substring(3))
                    .toList();
        }
    }

    private static Set<String> cited() throws IOException {
        var cited = new TreeSet<String>();
        for (var file : sources()) {
            CITATION.matcher(comments(file))
                    .results()
                    .flatMap(found -> NAME.matcher(found.group(1)).results())
                    .forEach(name -> cited.add(name.group(1)));
        }
        return cited;
    }

    /** The lines of comments, joined as they read. */
    private static String comments(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .filter(line -> line.startsWith("*") || line.startsWith("/*") || line.startsWith("//"))
                    .map(line -> line.replaceFirst("^(?:/\\*\\*?|\\*/?|//) ?", ""))
                    .collect(Collectors.joining(" "));
        }
    }

    private static List<Path> sources() throws IOException {
        try (var files = Files.walk(Path.of("src"))) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("RulesPageTest.java"))
                    .toList();
        }
    }
}
