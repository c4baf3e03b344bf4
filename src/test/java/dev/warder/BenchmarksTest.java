package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The benchmarks of {@code src/jmh/java} are compiled by a profile only, and use classes of the tests. JMH itself is only in that
 * profile, so that here its names are unknown; what is not JMH's must be known.
 */
class BenchmarksTest {
    private static final Pattern IMPORT_OF_JMH = Pattern.compile("import org\\.openjdk\\.jmh\\.\\w+\\.(\\w+);");
    private static final Pattern UNKNOWN =
            Pattern.compile("cannot find symbol\\s+symbol:\\s+(?:class|variable) (\\w+)");

    @Test
    void compile(@TempDir Path classes) throws IOException {
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
            compiler.getTask(null, files, problems, options, null, files.getJavaFileObjectsFromPaths(sources()))
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
        return sources().stream()
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

    private static List<Path> sources() throws IOException {
        try (var all = Files.walk(Path.of("src/jmh/java"))) {
            var sources = all.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(sources).hasSizeGreaterThan(5);
            return sources;
        }
    }
}
