package dev.warder.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Folders that leave nothing behind. Thread-safe. */
public final class TemporaryFolder {
    private TemporaryFolder() {}

    /** A new folder; {@code purpose} and the number of this process become parts of its name. */
    public static Path create(String purpose) throws IOException {
        return Files.createTempDirectory(
                "warder-" + purpose + "-" + ProcessHandle.current().pid() + "-");
    }

    /** A folder that is deleted when the JVM ends. */
    static Path forThisJvm(String purpose) throws IOException {
        var folder = create(purpose);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "delete-" + purpose));
        return folder;
    }

    /** Deletes the folder with all that is in it. */
    public static void delete(Path folder) {
        try {
            for (var path : deepestFirst(folder)) {
                Files.deleteIfExists(path);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static List<Path> deepestFirst(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
