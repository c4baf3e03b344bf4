package dev.warder.frontends;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A kind of front end: how its files of {@code conf/} become a running process. Thread-safe. */
interface FrontEnd {
    /** What it is called in reports. */
    String name();

    /** The name of its program, which is also that of the Debian package. */
    String program();

    /** Whether its program is on this machine. */
    default boolean installed() {
        return find(program()).isPresent();
    }

    /**
     * Writes its files and answers the processes to start: the front end in the foreground, then what accompanies it.
     */
    List<ProcessBuilder> prepare(Site site) throws IOException;

    /** The front end's own check of the files that {@link #prepare} wrote. */
    ProcessBuilder check(Site site);

    /** Whether this JVM may do what a service's first process may. */
    static boolean root() {
        return System.getProperty("user.name").equals("root");
    }

    /** The path of its program; an {@link AssertionError} that says what to install when there is none. */
    default String path() {
        return find(program())
                .orElseThrow(() -> new AssertionError(
                        "the profile frontends needs " + program() + ": apt-get install " + program()))
                .toString();
    }

    /** A program by its name, where it is installed. */
    static Optional<Path> find(String name) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
