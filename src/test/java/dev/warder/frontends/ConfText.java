package dev.warder.frontends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of {@code conf/} on its way to a front end. Immutable; thread-safe. */
record ConfText(String text) {
    /** The file by its path below {@code conf/}. */
    static ConfText of(String file) {
        try {
            return new ConfText(Files.readString(path(file)));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** Where the file lies. */
    static Path path(String file) {
        return Path.of(System.getProperty("warder.conf", "conf")).resolve(file).toAbsolutePath();
    }

    /** With an address, a port or a path of the file replaced, which must be there. */
    ConfText fill(String shipped, String here) {
        if (!text.contains(shipped)) {
            throw new AssertionError("the file of conf/ does not hold " + shipped);
        }
        return new ConfText(text.replace(shipped, here));
    }

    /** Writes it. */
    Path write(Path file) throws IOException {
        return Files.writeString(file, text);
    }
}
