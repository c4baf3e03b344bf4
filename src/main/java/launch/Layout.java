package launch;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The WAR as files of a folder: {@code warder.jar} has the classes and names the libraries, {@code lib} has these, and {@code war}
 * the rest.
 */
record Layout(Path folder) {
    private static final String CLASSES = "WEB-INF/classes/";
    private static final String LAUNCH = "launch/";
    private static final String SCRIPT = LAUNCH + "warder.sh";

    /** In the order of a servlet container: the application's libraries before those of the server. */
    private static final List<String> LIBRARIES = List.of("WEB-INF/lib/", "WEB-INF/launcher/");

    Path jar() {
        return folder.resolve("warder.jar");
    }

    Path webapp() {
        return folder.resolve("war");
    }

    boolean isThere() {
        return Files.isDirectory(webapp());
    }

    /**
     * Unpacks the WAR. Thousands of small files would take longer than all else at a start: the classes become one jar, without
     * compression.
     *
     * @throws NoSuchFileException when the file is none
     */
    void unpack(Path war) throws IOException {
        try (var from = new JarFile(war.toFile())) {
            if (from.getEntry("WEB-INF/web.xml") == null) {
                throw new NoSuchFileException(war.toString());
            }
            List<JarEntry> entries =
                    from.stream().filter(entry -> !entry.isDirectory()).toList();
            try (var classes =
                    new JarOutputStream(new BufferedOutputStream(Files.newOutputStream(jar())), manifest(entries))) {
                for (JarEntry entry : entries) {
                    try (InputStream content = from.getInputStream(entry)) {
                        unpack(entry, content, classes);
                    }
                }
            }
        }
    }

    /** Lets the folder be started by its script. */
    void addScript(Path war) throws IOException {
        Path script = folder.resolve("warder.sh");
        try (var from = new JarFile(war.toFile());
                InputStream content = from.getInputStream(from.getJarEntry(SCRIPT))) {
            Files.copy(content, script);
        }
        if (!script.toFile().setExecutable(true, false)) {
            throw new IOException("the script cannot be made executable");
        }
    }

    private static Manifest manifest(List<JarEntry> entries) {
        var manifest = new Manifest();
        var attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                LIBRARIES.stream().flatMap(place -> libraries(entries, place)).collect(Collectors.joining(" ")));
        return manifest;
    }

    private static Stream<String> libraries(List<JarEntry> entries, String place) {
        return entries.stream()
                .map(JarEntry::getName)
                .filter(name -> name.startsWith(place))
                .sorted()
                .map(name -> library(name, place));
    }

    private static String library(String name, String place) {
        return "lib/" + name.substring(place.length());
    }

    private void unpack(JarEntry entry, InputStream content, JarOutputStream classes) throws IOException {
        String name = entry.getName();
        if (name.startsWith(CLASSES)) {
            store(name.substring(CLASSES.length()), entry, content, classes);
        } else if (name.startsWith(LAUNCH)) {
            store(name, entry, content, classes);
        } else {
            String file = LIBRARIES.stream()
                    .filter(name::startsWith)
                    .findFirst()
                    .map(place -> library(name, place))
                    .orElse("war/" + name);
            Path target = folder.resolve(file).normalize();
            if (!target.startsWith(folder)) {
                throw new IOException("the WAR contains an entry that leads out of its folder");
            }
            Files.createDirectories(target.resolveSibling("."));
            Files.copy(content, target);
        }
    }

    private static void store(String name, JarEntry entry, InputStream content, JarOutputStream classes)
            throws IOException {
        var stored = new JarEntry(name);
        stored.setMethod(ZipEntry.STORED);
        stored.setSize(entry.getSize());
        stored.setCrc(entry.getCrc());
        classes.putNextEntry(stored);
        content.transferTo(classes);
    }
}
