package launch;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The WAR as files of a folder: {@code warder.jar} has the classes and names the libraries of {@code lib} and {@code launcher};
 * {@code war} has the rest.
 */
record Layout(Path folder) {
    private static final String WEB_INF = "WEB-INF/";
    static final String CLASSES = WEB_INF + "classes/";
    private static final String LAUNCH = "launch/";
    private static final String SCRIPT = "warder.sh";

    /** In the order of a servlet container: the application's libraries before those of the server. */
    private static final List<String> LIBRARIES = List.of(WEB_INF + "lib/", WEB_INF + "launcher/");

    Layout {
        folder = folder.toAbsolutePath().normalize();
    }

    Path jar() {
        return folder.resolve("warder.jar");
    }

    Path webapp() {
        return folder.resolve("war");
    }

    /**
     * Unpacks the WAR. The classes become one jar, without compression.
     *
     * @param withClasses whether those of {@code WEB-INF/classes} are in it
     * @throws NoSuchFileException when {@code war} is no WAR
     */
    void unpack(Path war, boolean withClasses) throws IOException {
        try (var from = new JarFile(war.toFile())) {
            if (from.getEntry(WEB_INF + "web.xml") == null) {
                throw new NoSuchFileException(war.toString());
            }
            List<JarEntry> entries = from.stream()
                    .filter(entry -> !entry.isDirectory())
                    .filter(entry -> withClasses || !entry.getName().startsWith(CLASSES))
                    .toList();
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

    /** Adds the script that starts what was unpacked. */
    void addScript() throws IOException {
        Path script = folder.resolve(SCRIPT);
        try (InputStream content = Layout.class.getResourceAsStream(SCRIPT)) {
            Files.copy(Objects.requireNonNull(content), script);
        }
        if (!script.toFile().setExecutable(true, false)) {
            throw new IOException("the script cannot be made executable");
        }
    }

    /** Lets only the owner write what was unpacked, whatever the mask of the process is. */
    void protect() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : (Iterable<Path>) files::iterator) {
                boolean isSet =
                        each.toFile().setWritable(false, false) && each.toFile().setWritable(true, true);
                if (!isSet && !each.equals(folder)) {
                    throw new IOException("the mode of a file cannot be set");
                }
            }
        }
    }

    private static Manifest manifest(List<JarEntry> entries) {
        var manifest = new Manifest();
        var attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        var names = entries.stream().map(JarEntry::getName).sorted().toList();
        // As relative references, which the names of these libraries are.
        attributes.put(
                Attributes.Name.CLASS_PATH,
                LIBRARIES.stream()
                        .flatMap(place -> names.stream().filter(name -> name.startsWith(place)))
                        .map(name -> name.substring(WEB_INF.length()))
                        .collect(Collectors.joining(" ")));
        return manifest;
    }

    private void unpack(JarEntry entry, InputStream content, JarOutputStream classes) throws IOException {
        String name = entry.getName();
        if (name.startsWith(CLASSES)) {
            store(name.substring(CLASSES.length()), entry, content, classes);
        } else if (name.startsWith(LAUNCH)) {
            store(name, entry, content, classes);
        } else {
            boolean isLibrary = LIBRARIES.stream().anyMatch(name::startsWith);
            String file = isLibrary ? name.substring(WEB_INF.length()) : "war/" + name;
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
