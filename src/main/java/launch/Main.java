package launch;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Entry point of the executable WAR: unpacks it into a temporary folder, its classes and libraries beside the rest of it, and
 * starts the standalone form from there. It deletes the folder when the virtual machine ends, also after SIGTERM.
 */
public final class Main {
    private static final String CLASSES = "WEB-INF/classes/";
    private static final String CLASSES_JAR = "classes.jar";
    private static final String LIBRARIES = "libraries";
    private static final String WAR = "war";
    private static final String STANDALONE = "dev.warder.standalone.Standalone";

    private final Path folder;
    private volatile Runnable beforeExit = () -> {};

    private Main(Path folder) {
        this.folder = folder;
    }

    /** Starts the standalone form. The exit code is 0, 2 for a problem that the caller can fix, or 1. */
    public static void main(String[] arguments) throws Exception {
        if (System.getProperty("java.util.logging.manager") == null) {
            System.setProperty("java.util.logging.manager", Logs.class.getName());
        }
        var main = new Main(folder());
        // One hook for everything: hooks run in parallel, and the folder must exist until draining has ended.
        Runtime.getRuntime().addShutdownHook(new Thread(main::end, "warder-end"));
        main.run(arguments);
    }

    private void run(String[] arguments) throws Exception {
        Path war = folder.resolve(WAR);
        try {
            unpack();
        } catch (IOException full) {
            throw refuse("the WAR cannot be unpacked into the folder for temporary files", full);
        }
        ClassLoader loader = loader();
        Thread.currentThread().setContextClassLoader(loader);
        Consumer<Runnable> hook = task -> {
            beforeExit = task;
            Logs.hold();
        };
        try {
            Class.forName(STANDALONE, true, loader)
                    .getMethod("main", Path.class, Consumer.class, String[].class)
                    .invoke(null, war, hook, arguments);
        } catch (InvocationTargetException failed) {
            failed.printStackTrace();
            System.exit(1);
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("warder-");
        } catch (IOException closed) {
            throw refuse("no folder can be created in the folder for temporary files", closed);
        }
    }

    private static IllegalStateException refuse(String problem, IOException cause) {
        System.err.println("warder: " + problem + " (" + System.getProperty("java.io.tmpdir") + ")");
        System.exit(2);
        return new IllegalStateException(problem, cause);
    }

    /** Thousands of small files would take longer than all else at the start: the classes become one jar, without compression. */
    private void unpack() throws IOException, URISyntaxException {
        Path war = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (var from = new JarFile(war.toFile());
                var classes = new JarOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(folder.resolve(CLASSES_JAR))))) {
            for (JarEntry entry : from.stream().toList()) {
                if (!entry.isDirectory()) {
                    try (InputStream content = from.getInputStream(entry)) {
                        unpack(entry, content, classes);
                    }
                }
            }
        }
    }

    private void unpack(JarEntry entry, InputStream content, JarOutputStream classes) throws IOException {
        String name = entry.getName();
        if (name.startsWith(CLASSES)) {
            var stored = new JarEntry(name.substring(CLASSES.length()));
            stored.setMethod(ZipEntry.STORED);
            stored.setSize(entry.getSize());
            stored.setCrc(entry.getCrc());
            classes.putNextEntry(stored);
            content.transferTo(classes);
            return;
        }
        boolean library = name.startsWith("WEB-INF/lib/") || name.startsWith("WEB-INF/launcher/");
        Path target = folder.resolve(library ? LIBRARIES : WAR);
        Path file = target.resolve(name).normalize();
        if (!file.startsWith(target)) {
            throw new IOException("the WAR contains an entry that leads out of its folder");
        }
        Files.createDirectories(file.resolveSibling("."));
        Files.copy(content, file);
    }

    /** In the order of a servlet container: the application's classes before its libraries, and the server's after both. */
    private ClassLoader loader() throws IOException {
        List<URL> jars = new ArrayList<>();
        jars.add(folder.resolve(CLASSES_JAR).toUri().toURL());
        for (String place : List.of("WEB-INF/lib", "WEB-INF/launcher")) {
            try (Stream<Path> files = Files.list(folder.resolve(LIBRARIES).resolve(place))) {
                for (Path file : files.sorted().toList()) {
                    jars.add(file.toUri().toURL());
                }
            }
        }
        return new URLClassLoader("warder", jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
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
        } catch (IOException leftToTheSystem) {
            // The folder is in the system's folder for temporary files, and no later run uses it.
        }
    }
}
