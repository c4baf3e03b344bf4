package dev.warder.testkit;

import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipFile;

/**
 * The built WAR, unpacked once for this JVM. A container that unpacks it at each start makes two thousand files each time, which
 * takes longer than the start itself. Thread-safe.
 */
final class UnpackedWar {
    private static Optional<Path> folder = Optional.empty();

    private UnpackedWar() {}

    /** What a container should deploy: the folder of the built WAR, and any other WAR as it is. */
    static synchronized Path of(Path war) throws IOException {
        if (!war.equals(Deployment.builtWar().war())) {
            return war;
        }
        if (folder.isEmpty()) {
            // Applications have the same jars: a loader that is closed would close a cached one of another application.
            URLConnection.setDefaultUseCaches("jar", false);
            // The files of conf/ refer to it by the name of the WAR.
            folder = Optional.of(unpack(war, TemporaryFolder.forThisJvm("war").resolve(war.getFileName())));
        }
        return folder.get();
    }

    private static Path unpack(Path war, Path target) throws IOException {
        try (var files = new ZipFile(war.toFile())) {
            for (var entries = files.entries(); entries.hasMoreElements(); ) {
                var entry = entries.nextElement();
                var path = target.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.resolve("..").normalize());
                    try (var in = files.getInputStream(entry)) {
                        Files.copy(in, path);
                    }
                }
            }
        }
        return target;
    }
}
