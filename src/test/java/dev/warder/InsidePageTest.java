package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about the rooms: it names each package below {@code dev.warder}, and no other. */
class InsidePageTest {
    private static final Path PAGE = Path.of("src/site/markdown/inside.md");
    private static final Path SOURCES = Path.of("src/main/java/dev/warder");
    private static final Pattern ROOM = Pattern.compile("\\[([a-z0-9.]+)](?!\\()");
    private static final String END = ".package-info.java";

    @Test
    void namesEachPackageAndNoOther() throws IOException {
        var named = ROOM.matcher(Files.readString(PAGE)).results().map(room -> room.group(1));
        assertThat(named.collect(Collectors.toSet())).isEqualTo(packages());
    }

    @Test
    void isShort() throws IOException {
        assertThat(Files.readAllLines(PAGE)).hasSizeLessThanOrEqualTo(60);
    }

    private static Set<String> packages() throws IOException {
        try (var files = Files.walk(SOURCES)) {
            return files.map(file -> SOURCES.relativize(file).toString().replace('/', '.'))
                    .filter(name -> name.endsWith(END))
                    .map(name -> name.substring(0, name.length() - END.length()))
                    .collect(Collectors.toSet());
        }
    }
}
