package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every file of the source tree: none has text with the shape of a token or a private key, and the benchmarks compile. */
class SourceTreeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();

    /** What a checkout has and the repository has not; {@code .gitignore} lists the editors' folders. */
    private static final Set<String> NOT_OURS = Set.of(".git", "target", ".idea", ".vscode", ".settings");

    /** Each shape and a pattern for it, from the formats that the issuers publish for secret scanners. */
    private static final Map<String, Pattern> SHAPES = shapes();

    private static final Pattern IMPORT_OF_JMH = Pattern.compile("import org\\.openjdk\\.jmh\\.\\w+\\.(\\w+);");
    private static final Pattern UNKNOWN =
            Pattern.compile("cannot find symbol\\s+symbol:\\s+(?:class|variable) (\\w+)");

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

    /**
     * The benchmarks of {@code src/jmh/java} are compiled by a profile only, and use classes of the tests. JMH itself is
     * only in that profile, so that here its names are unknown; what is not JMH's must be known.
     */
    @Test
    void benchmarksCompile(@TempDir Path classes) throws IOException {
        var problems = new DiagnosticCollector<JavaFileObject>();
        var compiler = ToolProvider.getSystemJavaCompiler();
        var ofJmh = namesOfJmh();
        try (var files = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
            // Without the last of them the compiler stops at the imports.
            var options = List.of(
                    "-proc:none",
                    "-d",
                    classes.toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "--should-stop=ifError=FLOW");
            compiler.getTask(null, files, problems, options, null, files.getJavaFileObjectsFromPaths(benchmarks()))
                    .call();
        }
        assertThat(problems.getDiagnostics())
                .filteredOn(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .as("JMH is not here")
                .isNotEmpty()
                .allMatch(each -> isOfJmh(each.getMessage(Locale.ROOT), ofJmh));
    }

    private static boolean isOfJmh(String message, Set<String> names) {
        var unknown = UNKNOWN.matcher(message);
        return unknown.lookingAt() ? names.contains(unknown.group(1)) : message.startsWith("package org.openjdk.jmh.");
    }

    private static Set<String> namesOfJmh() throws IOException {
        return benchmarks().stream()
                .flatMap(file -> IMPORT_OF_JMH.matcher(read(file)).results())
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<Path> benchmarks() throws IOException {
        try (var all = Files.walk(Path.of("src/jmh/java"))) {
            var sources = all.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(sources).hasSizeGreaterThan(5);
            return sources;
        }
    }
}
