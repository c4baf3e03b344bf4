package dev.warder.oauth;

import dev.warder.config.TextFile;
import dev.warder.oauth.FileTokenStore.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A small file that is replaced as a whole: a reader sees the old content or the new one, even after a power failure. A
 * symbolic link is kept, and its target is replaced. One thread at a time may write.
 */
record LoginFile(Path path) {
    private static final int MOST_BYTES = 1 << 20;
    private static final int USUAL_BYTES = 16 * 1024;

    Path target() throws IOException {
        var target = path.toAbsolutePath();
        for (int links = 0; links < 40 && Files.isSymbolicLink(target); links++) {
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        return folder(target).toRealPath().resolve(target.getFileName());
    }

    Optional<byte[]> read() throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            // Opening a pipe would block this thread.
            throw new FileSystemException(path.toString(), null, "not a regular file");
        }
        try (var in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            if (content.length > MOST_BYTES) {
                throw new FileSystemException(path.toString(), null, "larger than 1 MiB");
            }
            return Optional.of(content);
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    void replace(byte[] content) throws IOException {
        var target = target();
        var next = next(target);
        Files.deleteIfExists(next);
        try {
            write(next, content);
            OwnerOnly.giveTo(Files.exists(target) ? target : folder(target), next);
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            Files.deleteIfExists(next);
            throw failed;
        }
        TextFile.forceFolder(target);
    }

    /** Fails where {@link #replace} would, such as on a full or read-only file system. */
    void tryReplacing() throws IOException {
        var next = next(target());
        Files.deleteIfExists(next);
        try {
            write(next, new byte[USUAL_BYTES]);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    void delete() throws IOException {
        var target = target();
        Files.deleteIfExists(target);
        TextFile.forceFolder(target);
    }

    static String reason(IOException failed) {
        if (failed instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failed instanceof NoSuchFileException) {
            return "no such folder";
        }
        return failed instanceof FileSystemException detailed && detailed.getReason() != null
                ? detailed.getReason()
                : failed.getClass().getSimpleName();
    }

    /** Always the same name, so that the next write replaces what a killed process left. */
    private static Path next(Path target) {
        return target.resolveSibling(target.getFileName() + ".tmp");
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent(), "a file lies in a folder");
    }

    private static void write(Path path, byte[] content) throws IOException {
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try (var channel = OwnerOnly.open(path, options)) {
            for (var rest = ByteBuffer.wrap(content); rest.hasRemaining(); ) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }
}
