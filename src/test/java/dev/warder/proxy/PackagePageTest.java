package dev.warder.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of the packages of an exchange: the ways through them. */
class PackagePageTest {
    private static final Path MAIN = Path.of("src/main/java/dev/warder");
    private static final List<String> PAGES = List.of("proxy", "upload", "response", "failover", "state");
    private static final Pattern NAME = Pattern.compile("\\{@code[\\s*]+([A-Z]\\w+)(?:\\.([a-z]\\w*))?}");
    private static final List<String> PACKAGES = List.of(
            "dev.warder.proxy.",
            "dev.warder.proxy.ResponseStages$",
            "dev.warder.upload.",
            "dev.warder.response.",
            "dev.warder.failover.",
            "dev.warder.state.",
            "dev.warder.container.",
            "dev.warder.http.");

    static Stream<String> names() {
        return PAGES.stream().flatMap(page -> NAME.matcher(read(page)).results().map(MatchResult::group));
    }

    @ParameterizedTest
    @MethodSource("names")
    void namesTypesAndMethodsThatExist(String code) {
        var name = NAME.matcher(code).results().findFirst().orElseThrow();
        var type = PACKAGES.stream()
                .flatMap(prefix -> find(prefix + name.group(1)).stream())
                .findFirst();
        assertThat(type).as(code).isPresent();
        if (name.group(2) != null) {
            assertThat(Arrays.stream(type.get().getDeclaredMethods())).as(code).anyMatch(method -> method.getName()
                    .equals(name.group(2)));
        }
    }

    private static String read(String page) {
        try {
            return Files.readString(MAIN.resolve(page).resolve("package-info.java"));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    private static Optional<Class<?>> find(String name) {
        try {
            return Optional.of(Class.forName(name, false, PackagePageTest.class.getClassLoader()));
        } catch (ClassNotFoundException elsewhere) {
            return Optional.empty();
        }
    }
}
