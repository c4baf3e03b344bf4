package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Scans every file of the source tree for text with the shape of a token or a private key. */
class SourceTreeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();

    /** What a checkout has and the repository has not; {@code .gitignore} lists the editors' folders. */
    private static final Set<String> NOT_OURS = Set.of(".git", "target", ".idea", ".vscode", ".settings");

    /** Each shape and a pattern for it, from the formats that the issuers publish for secret scanners. */
    private static final Map<String, Pattern> SHAPES = shapes();

    @Test
    void holdsNoTextWithTheShapeOfASecret() throws IOException {
        var found = new TreeSet<String>();
        var files = 0;
        for (var file : files()) {
            found.addAll(shapesIn(ROOT.relativize(file).toString(), Files.readAllBytes(file)));
            files++;
        }
        assertThat(files).as("files of the source tree").isGreaterThan(500);
        assertThat(found)
                .as("assemble fixtures from parts, so that no source holds a whole token")
                .isEmpty();
    }

    @Test
    void findsEveryShape() {
        var letters = "Ab3".repeat(20);
        var samples = Map.of(
                "Anthropic", "sk-" + "ant-api03-" + letters,
                "OpenAI", "sk-" + "proj-" + letters,
                "Warder", "wrd" + "_abcdefgh_" + "a".repeat(52) + "0123456",
                "JWT", "ey" + "J" + letters + ".ey" + "J" + letters,
                "private key", "-----BEGIN " + "EC PRIVATE KEY-----",
                "GitHub", "ghp" + "_" + letters,
                "AWS", "AKI" + "A" + "ABCD".repeat(4),
                "Google", "AIz" + "a" + letters,
                "Slack", "xox" + "b-" + letters);
        assertThat(samples.keySet()).isEqualTo(SHAPES.keySet());
        samples.forEach((shape, sample) -> assertThat(
                        shapesIn("a file", ("= \"" + sample + "\";\n").getBytes(StandardCharsets.UTF_8)))
                .containsExactly(shape + " in a file, line 1"));
    }

    private static Map<String, Pattern> shapes() {
        var shapes = new LinkedHashMap<String, Pattern>();
        shapes.put("Anthropic", Pattern.compile("sk-ant-[A-Za-z0-9_-]{16,}"));
        shapes.put("OpenAI", Pattern.compile("sk-(?!ant-)[A-Za-z0-9_-]{32,}"));
        shapes.put("Warder", Pattern.compile("wrd_[a-z2-7]{8}_[a-z2-7]{40,}"));
        shapes.put("JWT", Pattern.compile("eyJ[A-Za-z0-9_-]{16,}\\.eyJ"));
        shapes.put("private key", Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----"));
        shapes.put("GitHub", Pattern.compile("(?:gh[pousr]|github_pat)_[A-Za-z0-9_]{30,}"));
        shapes.put("AWS", Pattern.compile("\\bA(?:KIA|SIA)[A-Z0-9]{16}\\b"));
        shapes.put("Google", Pattern.compile("AIza[A-Za-z0-9_-]{35}"));
        shapes.put("Slack", Pattern.compile("xox[abeprs]-[A-Za-z0-9-]{10,}"));
        return shapes;
    }

    private static List<String> shapesIn(String name, byte[] content) {
        var lines = new String(content, StandardCharsets.ISO_8859_1).split("\n", -1);
        var found = new TreeSet<String>();
        for (int i = 0; i < lines.length; i++) {
            for (var shape : SHAPES.entrySet()) {
                if (shape.getValue().matcher(lines[i]).find()) {
                    found.add(shape.getKey() + " in " + name + ", line " + (i + 1));
                }
            }
        }
        return List.copyOf(found);
    }

    private static List<Path> files() throws IOException {
        try (var tree = Files.walk(ROOT)) {
            return tree.filter(Files::isRegularFile)
                    .filter(SourceTreeTest::isOurs)
                    .toList();
        }
    }

    private static boolean isOurs(Path file) {
        for (var part : ROOT.relativize(file)) {
            if (NOT_OURS.contains(part.toString())) {
                return false;
            }
        }
        return true;
    }
}
