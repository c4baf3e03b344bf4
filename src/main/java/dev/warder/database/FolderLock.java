package dev.warder.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;

/**
 * A folder, or a file, that one process may use at a time. The operating system ends the lock with the process, so that nothing is left
 * to be removed after a kill. Thread-safe.
 */
public final class FolderLock implements AutoCloseable {
    private static final String FILE = "lock";

    private final Held held;
    private final FileChannel channel;

    private FolderLock(Held held, FileChannel channel) {
        this.held = held;
        this.channel = channel;
    }

    /** Opens the file whose lock counts, for writing. */
    public interface Opening {
        FileChannel open() throws IOException;
    }

    /**
     * The entry by which all applications of this process, each with classes of its own, see who has it. POSIX ends a
     * process's lock when the process closes any channel of the file: a second one must not even be opened.
     */
    private record Held(String name, String mark) {
        static Optional<Held> of(String place) {
            var held = new Held("dev.warder." + place, UUID.randomUUID().toString());
            return System.getProperties().putIfAbsent(held.name, held.mark) == null
                    ? Optional.of(held)
                    : Optional.empty();
        }

        void end() {
            System.getProperties().remove(name, mark);
        }
    }

    /**
     * Locks a folder, which is created if it does not exist, for its owner only.
     *
     * @return empty when another process, or another application of this process, has the lock
     * @throws IOException when the folder cannot be created or written
     */
    public static Optional<FolderLock> of(Path folder) throws IOException {
        create(folder);
        return of(
                "folder." + folder.toRealPath(),
                () -> FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    }

    /**
     * Locks a file.
     *
     * @param file without links, so that every way to it leads to the same lock
     * @return empty when another thread, application or process has the lock
     */
    public static Optional<FolderLock> ofFile(Path file, Opening opening) throws IOException {
        return of("file." + file, opening);
    }

    private static Optional<FolderLock> of(String place, Opening opening) throws IOException {
        var held = Held.of(place);
        if (held.isEmpty()) {
            return Optional.empty();
        }
        Optional<FolderLock> lock = Optional.empty();
        try {
            lock = locked(opening.open(), held.get());
        } finally {
            if (lock.isEmpty()) {
                held.get().end();
            }
        }
        return lock;
    }

    private static Optional<FolderLock> locked(FileChannel channel, Held held) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new FolderLock(held, channel));
            }
        } catch (OverlappingFileLockException anotherDeployment) {
            // The same as another process.
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
        channel.close();
        return Optional.empty();
    }

    private static void create(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectory(folder);
            }
        } catch (FileAlreadyExistsException atTheSameTime) {
            if (!Files.isDirectory(folder)) {
                throw atTheSameTime;
            }
        }
    }

    /** Ends the lock. The file stays: a process that waits for it would hold a lock that no other process sees. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException closedNevertheless) {
            // A channel whose closing fails is closed nevertheless.
        } finally {
            held.end();
        }
    }
}
