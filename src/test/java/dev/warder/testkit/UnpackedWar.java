package dev.warder.testkit;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.ZipFile;

/**
 * The built WAR and changed forms of it, each unpacked once for this JVM. A container that unpacks a WAR at each start makes two
 * thousand files each time, which takes longer than the start itself.
 *
 * <p>The classes of the WAR and its libraries are loaded once too, by a loader between the container's and the application's, unless
 * a {@link Deployment#withOwnLibraries deployment} wants its own: a start would load 1,500 of them anew, and what runs often would be
 * compiled anew for each deployment. Thread-safe.
 */
public final class UnpackedWar {
    private static final String WEB_XML = "WEB-INF/web.xml";
    private static final String LIBRARIES = "WEB-INF/lib";
    private static final String CLASSES = "WEB-INF/classes";

    private static final Map<Path, Path> FOLDERS = new HashMap<>();
    private static final Map<Content, Path> CHANGED = new HashMap<>();
    private static final Map<ClassLoader, ClassLoader> LIBRARY_LOADERS = new HashMap<>();

    /** What a changed WAR holds instead of, or beside what the built one does. */
    private record Content(String webXml, Map<String, Path> added) {}

    private UnpackedWar() {}

    /** What a container should deploy, and what it should give the application as the parent of its loader. */
    record Application(Path war, ClassLoader parent) {}

    /** With the classes and libraries of the built WAR in a shared loader, where the WAR is a form of it and has no further ones. */
    static synchronized Application of(Deployment deployment, ClassLoader container) throws IOException {
        var folder = folder(deployment.war());
        if (deployment.mode().ownLibraries() || !Files.isDirectory(folder) || hasMoreLibraries(folder)) {
            return new Application(folder, container);
        }
        return new Application(withoutLibraries(folder), libraryLoader(container));
    }

    /** The deployment descriptor of a WAR: the built one or one of {@link #changed}. */
    public static synchronized String webXml(Path war) throws IOException {
        return Files.readString(folder(war).resolve(WEB_XML));
    }

    /**
     * The built WAR with this deployment descriptor and these further files, by their place in the WAR. The same descriptor and files
     * give the same folder; its files are links to those of the built WAR, so nobody may write into them.
     */
    public static synchronized Path changed(String webXml, Map<String, Path> added) throws IOException {
        var content = new Content(webXml, new TreeMap<>(added));
        var known = CHANGED.get(content);
        if (known == null) {
            known = linked(built(), Set.of(WEB_XML), file -> false);
            Files.writeString(known.resolve(WEB_XML), webXml, StandardCharsets.UTF_8);
            for (var each : added.entrySet()) {
                var target = known.resolve(each.getKey());
                Files.createDirectories(parent(target));
                Files.copy(each.getValue(), target);
            }
            CHANGED.put(content, known);
        }
        return known;
    }

    /** The folder of the built WAR, and any other WAR as it is. */
    private static Path folder(Path war) throws IOException {
        return war.equals(Deployment.builtWar().war()) ? built() : war;
    }

    private static Path built() throws IOException {
        var war = Deployment.builtWar().war();
        var known = FOLDERS.get(war);
        if (known == null) {
            // Applications have the same jars: a loader that is closed would close a cached one of another application.
            URLConnection.setDefaultUseCaches("jar", false);
            known = newFolder();
            unpack(war, known);
            FOLDERS.put(war, known);
        }
        return known;
    }

    private static Path withoutLibraries(Path folder) throws IOException {
        var known = FOLDERS.get(folder);
        if (known == null) {
            var classes = folder.resolve(CLASSES);
            var shared = built().resolve(CLASSES);
            known = linked(
                    folder,
                    Set.of(LIBRARIES, "WEB-INF/launcher"),
                    file -> file.startsWith(classes) && Files.exists(shared.resolve(classes.relativize(file))));
            FOLDERS.put(folder, known);
        }
        return known;
    }

    private static boolean hasMoreLibraries(Path folder) throws IOException {
        return !libraries(folder).equals(libraries(built()));
    }

    private static List<Path> libraries(Path folder) throws IOException {
        try (var files = Files.list(folder.resolve(LIBRARIES))) {
            return files.map(Path::getFileName).sorted().toList();
        }
    }

    private static ClassLoader libraryLoader(ClassLoader container) throws IOException {
        var known = LIBRARY_LOADERS.get(container);
        if (known == null) {
            var urls = new ArrayList<URL>();
            urls.add(built().resolve(CLASSES).toUri().toURL());
            for (var name : libraries(built())) {
                urls.add(built().resolve(LIBRARIES).resolve(name).toUri().toURL());
            }
            known = new URLClassLoader(urls.toArray(URL[]::new), container);
            LIBRARY_LOADERS.put(container, known);
        }
        return known;
    }

    /** The files of conf/ refer to a folder by the name of the WAR. */
    private static Path newFolder() throws IOException {
        return Files.createDirectory(TemporaryFolder.forThisJvm("war")
                .resolve(Deployment.builtWar().war().getFileName()));
    }

    /** A folder with the same files, but for these and what is below them, and for those of the predicate. */
    private static Path linked(Path folder, Set<String> without, Predicate<Path> alsoWithout) throws IOException {
        var target = newFolder();
        try (var files = Files.walk(folder)) {
            for (var file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                var name = folder.relativize(file);
                if (without.stream().noneMatch(name::startsWith) && !alsoWithout.test(file)) {
                    Files.createDirectories(parent(target.resolve(name)));
                    Files.createLink(target.resolve(name), file);
                }
            }
        }
        return target;
    }

    private static void unpack(Path war, Path target) throws IOException {
        try (var files = new ZipFile(war.toFile())) {
            for (var entries = files.entries(); entries.hasMoreElements(); ) {
                var entry = entries.nextElement();
                var path = target.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(parent(path));
                    try (var in = files.getInputStream(entry)) {
                        Files.copy(in, path);
                    }
                }
            }
        }
    }

    private static Path parent(Path path) {
        return path.resolve("..").normalize();
    }
}
