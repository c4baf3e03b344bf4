package launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Entry point of the executable WAR: unpacks it into a temporary folder, and starts the standalone form from there. It deletes
 * the folder when the virtual machine ends, also after SIGTERM. The command {@code extract FOLDER} unpacks the WAR to stay; the
 * {@code warder.jar} of that folder has this entry point too, and everything on its class path, as the caches of the virtual
 * machine require.
 */
public final class Main {
    private static final String EXTRACT = "extract";
    private static final String STANDALONE = "dev.warder.standalone.Standalone";

    /** For temporary files; deleted at the end. */
    private final Path folder;

    private volatile Runnable beforeExit = () -> {};

    private Main(Path folder) {
        this.folder = folder;
    }

    /** Starts the standalone form. The exit code is 0, 2 for a problem that the caller can fix, or 1. */
    public static void main(String[] arguments) throws Exception {
        Path own = own();
        if (arguments.length > 0 && arguments[0].equals(EXTRACT)) {
            extract(own, arguments);
            return;
        }
        if (System.getProperty("java.util.logging.manager") == null) {
            System.setProperty("java.util.logging.manager", Logs.class.getName());
        }
        var main = new Main(temporary());
        // One hook for everything: hooks run in parallel, and the folder must exist until draining has ended.
        Runtime.getRuntime().addShutdownHook(new Thread(main::end, "warder-end"));
        var extracted = new Layout(own.resolveSibling("."));
        if (own.equals(extracted.jar()) && Files.isDirectory(extracted.webapp())) {
            main.run(extracted.webapp(), Main.class.getClassLoader(), arguments);
        } else {
            main.unpackAndRun(own, arguments);
        }
    }

    private static Path own() throws URISyntaxException {
        return Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static void extract(Path war, String[] arguments) {
        if (arguments.length != 2 || arguments[1].isBlank()) {
            throw refuse("extract: needs one folder: extract FOLDER");
        }
        Path folder = Path.of(arguments[1]);
        try {
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(folder)) {
                if (files.findAny().isPresent()) {
                    throw refuse("extract: " + folder + " is not empty");
                }
            }
            var layout = new Layout(folder);
            layout.unpack(war);
            layout.addScript();
        } catch (NoSuchFileException noWar) {
            throw refuse("extract: needs the WAR: java -jar warder.war extract FOLDER");
        } catch (IOException full) {
            throw refuse("extract: the WAR cannot be unpacked into " + folder + " (" + full + ")");
        }
        System.out.println("Start it with " + folder.resolve("warder.sh"));
    }

    private void unpackAndRun(Path war, String[] arguments) throws Exception {
        var layout = new Layout(folder);
        try {
            layout.unpack(war);
        } catch (IOException full) {
            throw refuse("the WAR cannot be unpacked into the folder for temporary files ("
                    + System.getProperty("java.io.tmpdir") + ")");
        }
        var jar = new URL[] {layout.jar().toUri().toURL()};
        run(layout.webapp(), new URLClassLoader("warder", jar, ClassLoader.getPlatformClassLoader()), arguments);
    }

    private void run(Path webapp, ClassLoader loader, String[] arguments) throws Exception {
        Thread.currentThread().setContextClassLoader(loader);
        Consumer<Runnable> hook = task -> {
            beforeExit = task;
            Logs.hold();
        };
        try {
            Class.forName(STANDALONE, true, loader)
                    .getMethod("main", Path.class, Path.class, Consumer.class, String[].class)
                    .invoke(null, webapp, folder, hook, arguments);
        } catch (InvocationTargetException failed) {
            failed.printStackTrace();
            System.exit(1);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("warder-");
        } catch (IOException closed) {
            throw refuse("no folder can be created in the folder for temporary files ("
                    + System.getProperty("java.io.tmpdir") + ")");
        }
    }

    private static IllegalStateException refuse(String problem) {
        System.err.println("warder: " + problem);
        System.exit(2);
        return new IllegalStateException(problem);
    }

    private void end() {
        try {
            beforeExit.run();
        } finally {
            Logs.release();
            delete();
        }
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
        } catch (IOException | UncheckedIOException leftToTheSystem) {
            // The folder is in the system's folder for temporary files, and no later run uses it.
        }
    }
}
