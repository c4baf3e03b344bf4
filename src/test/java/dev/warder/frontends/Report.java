package dev.warder.frontends;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files below {@code target/} with what was measured, for the pages of the documentation. */
final class Report {
    private Report() {}

    /** Adds text to a file. */
    static synchronized void append(String file, String text) throws IOException {
        var folder = Files.createDirectories(Path.of("target"));
        Files.writeString(folder.resolve(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Adds one figure to {@code front-ends.md}. */
    static void figure(Rig rig, String what, Object value) throws IOException {
        append("front-ends.md", "| %s | %s | %s |%n".formatted(rig.name(), what, value));
    }
}
