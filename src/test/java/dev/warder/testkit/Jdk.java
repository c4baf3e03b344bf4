package dev.warder.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The JDKs of this machine. */
public final class Jdk {
    private Jdk() {}

    /** {@code JAVA_HOME_17} and the like, else the JDK of this JVM or one beside it. */
    public static Optional<Path> find(int release) throws IOException {
        var own = Path.of(System.getProperty("java.home")).toRealPath();
        var named = Stream.ofNullable(System.getenv("JAVA_HOME_" + release)).map(Path::of);
        try (var beside = Files.list(own.getParent())) {
            return Stream.of(named, Stream.of(own), beside.sorted())
                    .flatMap(places -> places)
                    .filter(home -> isOf(release, home))
                    .findFirst();
        }
    }

    private static boolean isOf(int release, Path home) {
        try {
            return Files.isExecutable(home.resolve("bin/jcmd"))
                    && Files.readAllLines(home.resolve("release")).stream()
                            .anyMatch(line -> line.matches("JAVA_VERSION=\"" + release + "[.\"].*"));
        } catch (IOException none) {
            return false;
        }
    }
}
