package dev.warder.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * A sorted list of what the product offers, as a text file below {@code src/test/resources/frozen} that a test compares with
 * the product. {@code -Dwarder.frozen.write=true} writes the file again.
 */
public final class FrozenList {
    private static final Path FOLDER = Path.of("src/test/resources/frozen");

    private FrozenList() {}

    /** Fails if the file of this name has other entries than these. */
    public static void assertFrozen(String name, Collection<String> entries) throws IOException {
        var file = FOLDER.resolve(name + ".txt");
        var found = new TreeSet<>(entries);
        if (Boolean.getBoolean("warder.frozen.write")) {
            Files.write(file, found);
            return;
        }
        var frozen = Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
        var difference = new StringBuilder();
        frozen.stream()
                .filter(entry -> !found.contains(entry))
                .forEach(entry -> difference.append("\n- ").append(entry));
        found.stream()
                .filter(entry -> !frozen.contains(entry))
                .forEach(entry -> difference.append("\n+ ").append(entry));
        if (!frozen.equals(List.copyOf(found))) {
            throw new AssertionError(file + " differs from the product (-: gone, +: new):" + difference
                    + "\nRun this test with -Dwarder.frozen.write=true to write the list again."
                    + " An entry that goes needs its line in src/site/markdown/upgrading.md.");
        }
    }
}
