package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.commons.support.AnnotationSupport.isAnnotated;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The page that names a test for each security requirement: complete, and true of the tests that exist. */
class SecurityPageTest {
    private static final Path PAGES = Path.of("src/site/markdown");
    private static final Path TESTS = Path.of("src/test/java");

    /** The requirements of the project's list of incidents. */
    private static final Set<String> APPLICABLE = Set.of(
            "R-C1", "R-S1", "R-S2", "R-S3", "R-S4", "R-S5", "R-S6", "R-S7", "R-S8", "R-S9", "R-S10", "R-S11", "R-S12",
            "R-S13", "R-S14", "R-S15", "R-S16", "R-P1", "R-P2", "R-P3", "R-P4", "R-P5", "R-P6", "R-P7", "R-P8", "R-P9",
            "R-P10", "R-P11", "R-P12", "R-F1", "R-F2", "R-F3", "R-F4");

    /** What hostile reviews of this program found, by the number of the finding. */
    private static final Set<String> REVIEWED = Set.of(
            "R-H1", "R-H2", "R-H3", "R-H4", "R-H5", "R-H6", "R-H8", "R-H9", "R-H10", "R-H11", "R-H12", "R-H13", "R-H14",
            "R-H15", "R-H17", "R-T2", "R-T3", "R-T4", "R-T5", "R-T6", "R-T7", "R-T8", "R-T9", "R-T10", "R-T11");

    private static final Pattern ROW = Pattern.compile("\\| (R-[A-Z]\\d+) \\|.*\\|([^|]*)\\|");
    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");

    @Test
    void namesATestForEveryRequirement() throws IOException {
        var tests = testsByRequirement();
        assertThat(tests.keySet())
                .containsAll(APPLICABLE)
                .containsAll(REVIEWED)
                .hasSize(APPLICABLE.size() + REVIEWED.size());
        assertThat(tests.values()).noneMatch(List::isEmpty);
    }

    @Test
    void namesOnlyTestsThatRun() throws IOException {
        var wrong = new ArrayList<String>();
        testsByRequirement()
                .forEach((id, names) -> names.forEach(name -> {
                    if (!runs(name)) {
                        wrong.add(id + ": " + name);
                    }
                }));
        assertThat(wrong).as("tests that no class of src/test runs").isEmpty();
    }

    /** Shows that the checks above see a wrong name. */
    @Test
    void findsNamesOfNoTest() {
        assertThat(runs("SecurityPageTest.namesATestForEveryRequirement")).isTrue();
        assertThat(runs("TargetContract.refusesAmbiguousPaths")).isTrue();
        assertThat(runs("SecurityPageTest.runs")).isFalse();
        assertThat(runs("SecurityPageTest.noSuchTest")).isFalse();
        assertThat(runs("NoSuchTest.namesATestForEveryRequirement")).isFalse();
    }

    /** A file of a repository is under the control of whoever can write to the repository (R-S16). */
    @Test
    void noPagePlacesTheAddressInARepository() throws IOException {
        var text = new StringBuilder(Files.readString(Path.of("README.md")));
        try (var pages = Files.list(PAGES)) {
            for (var page : pages.toList()) {
                text.append(Files.readString(page));
            }
        }
        assertThat(text)
                .contains("never in a file of a repository")
                .doesNotContain(".claude/settings.json", ".claude/settings.local.json", ".env file");
    }

    private static Map<String, List<String>> testsByRequirement() throws IOException {
        var tests = new LinkedHashMap<String, List<String>>();
        for (var line : Files.readAllLines(PAGES.resolve("security.md"))) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                var names = TEST.matcher(row.group(2)).results().map(found -> found.group(1) + "." + found.group(2));
                assertThat(tests.put(row.group(1), names.toList()))
                        .as(row.group(1))
                        .isNull();
            }
        }
        return tests;
    }

    private static boolean runs(String name) {
        var parts = name.split("\\.");
        return classesNamed(parts[0]).stream()
                .anyMatch(type -> !Modifier.isAbstract(type.getModifiers()) && hasTest(type, parts[1]));
    }

    private static boolean hasTest(Class<?> type, String name) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            if (Arrays.stream(each.getDeclaredMethods()).anyMatch(method -> isTest(method, name))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTest(Method method, String name) {
        return method.getName().equals(name)
                && (isAnnotated(method, Test.class) || isAnnotated(method, ParameterizedTest.class));
    }

    private static Set<Class<?>> classesNamed(String simpleName) {
        try (var files = Files.walk(TESTS)) {
            return files.filter(file -> file.getFileName().toString().equals(simpleName + ".java"))
                    .map(file -> TESTS.relativize(file)
                            .toString()
                            .replace(".java", "")
                            .replace('/', '.'))
                    .map(SecurityPageTest::load)
                    .collect(Collectors.toSet());
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, SecurityPageTest.class.getClassLoader());
        } catch (ClassNotFoundException missing) {
            throw new AssertionError(missing);
        }
    }
}
