package dev.warder.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/** What the package's own page says about the ways through it. */
class PackagePageTest {
    private static final Path PAGE = Path.of("src/main/java/dev/warder/proxy/package-info.java");
    private static final Pattern NAME = Pattern.compile("\\{@code[\\s*]+([A-Z]\\w+)(?:\\.([a-z]\\w*))?}");
    private static final List<String> PACKAGES =
            List.of("dev.warder.proxy.", "dev.warder.container.", "dev.warder.http.", "dev.warder.proxy.Exchange$");

    static Stream<String> names() throws IOException {
        return NAME.matcher(Files.readString(PAGE)).results().map(MatchResult::group);
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

    private static Optional<Class<?>> find(String name) {
        try {
            return Optional.of(Class.forName(name, false, PackagePageTest.class.getClassLoader()));
        } catch (ClassNotFoundException elsewhere) {
            return Optional.empty();
        }
    }
}
