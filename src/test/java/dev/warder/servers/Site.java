package dev.warder.servers;

import dev.warder.testkit.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.h2.Driver;

/**
 * One instance of a server in a folder of its own.
 *
 * @param name of the server
 * @param folder of the instance
 * @param home the unpacked distribution, which nobody writes to
 * @param jdk the home of the JDK that runs it
 * @param port of 127.0.0.1 for HTTP
 * @param adminPort another free port, for servers that are administered through one
 * @param environment the values that the files of {@code conf/} ask for
 * @param settings further settings of Warder by name, each one more entry as the server's README says
 * @param recipe the part of {@code conf/} for client certificates that is used: {@code tls} or {@code front-end}, else empty
 */
record Site(
        String name,
        Path folder,
        Path home,
        Path jdk,
        int port,
        int adminPort,
        Map<String, String> environment,
        Map<String, String> settings,
        String recipe) {
    /** The address of a database that the server makes itself. */
    static final String DATABASE = "jdbc:h2:mem:warder;DB_CLOSE_DELAY=-1";

    /** The list of credentials in the files of {@code conf/}. */
    static final String CREDENTIALS = "primary=jndi:warder/secret.key";

    Site {
        environment = Map.copyOf(environment);
        settings = Map.copyOf(settings);
    }

    /** A new instance in an empty folder below {@code target/servers/run}. */
    static Site create(Run run, Map<String, String> environment, Map<String, String> settings, String recipe)
            throws IOException {
        var parent = Files.createDirectories(Path.of("target", "servers", "run").toAbsolutePath());
        var folder = Files.createTempDirectory(parent, run.server().name() + "-jdk" + run.jdk() + "-");
        return new Site(
                run.server().name(),
                folder,
                run.home(),
                run.jdkHome(),
                FreePort.next(),
                FreePort.next(),
                environment,
                settings,
                recipe);
    }

    /** The address of the deployed WAR. */
    URI baseUri() {
        return URI.create("http://127.0.0.1:" + port + "/warder");
    }

    static Path war() {
        return Path.of(System.getProperty("warder.war", "target/warder.war")).toAbsolutePath();
    }

    /** A file below {@code conf/}, such as {@code tomcat/warder.xml}. */
    static Path conf(String file) {
        return Path.of(System.getProperty("warder.conf", "conf"), file.split("/"))
                .toAbsolutePath();
    }

    /** Copies a file to a place in the instance and makes the folders on the way. */
    Path copy(Path file, String target) throws IOException {
        var to = folder.resolve(target);
        Files.createDirectories(to.getParent());
        return Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** Copies the driver of the database {@link #DATABASE} into a folder of the instance. */
    void copyDriver(String target) throws IOException {
        var jar = Path.of(URI.create(
                Driver.class.getProtectionDomain().getCodeSource().getLocation().toString()));
        copy(jar, target + "/" + jar.getFileName());
    }

    /** Puts the WAR at a place in the instance in one step, with the time of now, so that a server that looks sees it new. */
    void place(String target) throws IOException {
        var part = copy(war(), target + ".part");
        Files.setLastModifiedTime(part, FileTime.from(Instant.now()));
        Files.move(part, folder.resolve(target), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Adds an entry for each further setting to a file of the instance, before the first place where the text stands; a list
     * of credentials takes the place of the one that stands there.
     */
    void configure(String file, String before, BinaryOperator<String> entry) throws IOException {
        for (var setting : settings.entrySet()) {
            if (setting.getKey().equals("upstream.credentials")) {
                replace(file, CREDENTIALS, setting.getValue());
            } else {
                insert(file, before, entry.apply(setting.getKey(), setting.getValue()));
            }
        }
    }

    /** Adds lines to a file of the instance, before the first place where the text stands. */
    void insert(String file, String before, String lines) throws IOException {
        var path = folder.resolve(file);
        var text = Files.readString(path);
        int at = text.indexOf(before);
        if (at < 0) {
            throw new AssertionError(before + " does not stand in " + file);
        }
        Files.writeString(path, text.substring(0, at) + lines + text.substring(at));
    }

    /** Takes the marks off a comment of a file of the instance that begins with this text and an example below it. */
    void uncomment(String file, String comment) throws IOException {
        var path = folder.resolve(file);
        var text = Files.readString(path);
        int at = text.indexOf(comment);
        int end = text.indexOf("-->", at);
        if (at < 0 || end < 0) {
            throw new AssertionError(comment + " does not stand in " + file);
        }
        int example = at + comment.length();
        Files.writeString(
                path, text.substring(0, example) + " -->" + text.substring(example, end) + text.substring(end + 3));
    }

    /** Puts a text in every place of another in a file of the instance. */
    void replace(String file, String old, String text) throws IOException {
        var path = folder.resolve(file);
        Files.writeString(path, Files.readString(path).replace(old, text));
    }

    /** Whether a file is there and holds this text. */
    static boolean contains(Path file, String text) {
        try {
            return Files.exists(file) && Files.readString(file).contains(text);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
