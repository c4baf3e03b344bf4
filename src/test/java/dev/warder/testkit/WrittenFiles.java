package dev.warder.testkit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * A search of a folder that other processes use too: they may delete files and whole folders meanwhile, which {@link Files#walk}
 * ends with an exception, so that the rest would not be searched.
 */
public final class WrittenFiles {
    private static final int DEPTH = 8;

    private WrittenFiles() {}

    /** The files below a folder, at most eight levels deep, that {@code wanted} accepts. */
    public static List<Path> below(Path folder, BiPredicate<Path, BasicFileAttributes> wanted) throws IOException {
        var found = new ArrayList<Path>();
        Files.walkFileTree(folder, Set.of(), DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (wanted.test(file, attributes)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }
}
