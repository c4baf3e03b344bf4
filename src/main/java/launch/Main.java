package launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.function.Consumer;
import java.util.jar.JarFile;
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
            layout.unpack(war, true);
            layout.addScript();
            layout.protect();
        } catch (NoSuchFileException noWar) {
            throw refuse("extract: needs the WAR: java -jar warder.war extract FOLDER");
        } catch (IOException full) {
            throw refuse("extract: the WAR cannot be unpacked into " + folder + " (" + full + ")");
        }
        System.out.println("Start it with " + folder.resolve("warder.sh"));
    }

    private void unpackAndRun(Path war, String[] arguments) throws Exception {
        var layout = new Layout(folder);
        Path copy = folder.resolve("copy.war");
        try {
            layout.unpack(war, false);
            Files.copy(war, copy);
        } catch (IOException full) {
            throw refuse("the WAR cannot be unpacked into the folder for temporary files ("
                    + System.getProperty("java.io.tmpdir") + ")");
        }
        run(layout.webapp(), new WarLoader(layout, copy), arguments);
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

    /**
     * Loads the classes of the WAR from a copy of it: to unpack all 1,900, of which a start needs 700, takes longer than all libraries.
     * From a copy, since an operator may write another WAR over the one that runs.
     */
    private static final class WarLoader extends URLClassLoader {
        static {
            registerAsParallelCapable();
        }

        private final JarFile war;
        private final String classes;

        WarLoader(Layout layout, Path copy) throws IOException {
            super("warder", new URL[] {layout.jar().toUri().toURL()}, ClassLoader.getPlatformClassLoader());
            war = new JarFile(copy.toFile());
            classes = "jar:" + copy.toUri() + "!/" + Layout.CLASSES;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            var entry = war.getJarEntry(Layout.CLASSES + name.replace('.', '/') + ".class");
            if (entry == null) {
                return super.findClass(name);
            }
            try (InputStream content = war.getInputStream(entry)) {
                byte[] bytes = content.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length, Main.class.getProtectionDomain());
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }

        @Override
        public URL findResource(String name) {
            return war.getEntry(Layout.CLASSES + name) == null ? super.findResource(name) : own(name);
        }

        @Override
        public Enumeration<URL> findResources(String name) throws IOException {
            var found = Collections.list(super.findResources(name));
            if (war.getEntry(Layout.CLASSES + name) != null) {
                found.add(0, own(name));
            }
            return Collections.enumeration(found);
        }

        private URL own(String name) {
            try {
                return new URL(classes + name);
            } catch (MalformedURLException never) {
                throw new IllegalStateException(never);
            }
        }
    }
}
