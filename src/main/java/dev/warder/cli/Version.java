package dev.warder.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The version of this build. */
public final class Version {
    private Version() {}

    /** For example {@code 1.2.3}. */
    public static String text() {
        try (InputStream file = Version.class.getResourceAsStream("version.txt")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException broken) {
            throw new IllegalStateException("the version that came with this program cannot be read", broken);
        }
    }
}
