package dev.warder.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The Containerfile, read as far as the tests need it.
 *
 * @param lines its instructions without comments and empty lines
 */
record Containerfile(List<String> lines) {
    /** Where the base image keeps Tomcat. */
    static final String TOMCAT = "/usr/local/tomcat";

    Containerfile {
        lines = List.copyOf(lines);
    }

    /** A COPY instruction: files from below the build's folder, and where they go. */
    record Copy(List<String> sources, String destination) {
        Copy {
            sources = List.copyOf(sources);
        }
    }

    /** The one in {@code conf/container}. */
    static Containerfile shipped() {
        return new Containerfile(text("Containerfile")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList());
    }

    /** The text of a file in {@code conf/container}. */
    static String text(String file) {
        try {
            return Files.readString(conf().resolve("container").resolve(file));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** The folder {@code conf}. */
    static Path conf() {
        return Path.of(System.getProperty("warder.conf", "conf")).toAbsolutePath();
    }

    /** What follows the instruction, for each line that has it. */
    List<String> arguments(String instruction) {
        return lines.stream()
                .filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length() + 1).strip())
                .toList();
    }

    /** What is copied into the image. */
    List<Copy> copies() {
        return arguments("COPY").stream().map(Containerfile::copy).toList();
    }

    private static Copy copy(String arguments) {
        var words = Arrays.stream(arguments.split(" "))
                .filter(word -> !word.startsWith("--"))
                .toList();
        return new Copy(words.subList(0, words.size() - 1), words.get(words.size() - 1));
    }
}
