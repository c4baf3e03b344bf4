package dev.warder.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/** The content of a file, with the marks that show a later change. */
final class FileVersion {
    private static final int MOST_BYTES = 16 << 20;
    private static final int ATTEMPTS = 3;

    private final Stamp stamp;
    private final byte[] content;

    private FileVersion(Stamp stamp, byte[] content) {
        this.stamp = stamp;
        this.content = content;
    }

    /** The marks of a file that change when it is written or replaced; {@code key} is the inode if there is one. */
    record Stamp(FileTime modified, long size, Object key) {}

    /** Opens a file; a seam, so that a test can change the file while it is being read. */
    interface Opener {
        InputStream open(Path path) throws IOException;
    }

    Stamp stamp() {
        return stamp;
    }

    byte[] content() {
        return content;
    }

    /** The marks that the file has now. */
    static Stamp stampOf(Path path) throws InvalidValueException {
        try {
            return look(path);
        } catch (IOException failed) {
            throw new InvalidValueException(reason(failed));
        }
    }

    /** A version that did not change while it was read. */
    static FileVersion read(Path path, Opener opener) throws InvalidValueException {
        try {
            Stamp before = look(path);
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                byte[] content = readAll(path, opener);
                Stamp after = look(path);
                if (after.equals(before)) {
                    return new FileVersion(after, content);
                }
                before = after;
            }
        } catch (IOException failed) {
            throw new InvalidValueException(reason(failed));
        }
        throw new InvalidValueException("changes while it is read");
    }

    private static byte[] readAll(Path path, Opener opener) throws IOException, InvalidValueException {
        try (InputStream in = opener.open(path)) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            if (content.length > MOST_BYTES) {
                throw new InvalidValueException("is larger than 16 MiB");
            }
            return content;
        }
    }

    private static Stamp look(Path path) throws IOException, InvalidValueException {
        var attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            // Opening a pipe would block the thread that looks.
            throw new InvalidValueException("is not a regular file");
        }
        Object key = Objects.requireNonNullElse(attributes.fileKey(), "");
        return new Stamp(attributes.lastModifiedTime(), attributes.size(), key);
    }

    // Never the exception's message: it has the whole path.
    private static String reason(IOException failed) {
        if (failed instanceof NoSuchFileException) {
            return "does not exist";
        }
        return failed instanceof AccessDeniedException ? "may not be read" : "cannot be read";
    }
}
