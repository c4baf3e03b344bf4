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
 * A folder that one process may use at a time. The operating system ends the lock with the process, so that nothing is left
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

    /**
     * The entry by which all applications of this process, each with classes of its own, see who has a folder. POSIX
     * ends a process's lock when the process closes any channel of the file: a second one must not even be opened.
     */
    private record Held(String name, String mark) {
        static Optional<Held> of(Path folder) throws IOException {
            var held = new Held(
                    "dev.warder.folder." + folder.toRealPath(),
                    UUID.randomUUID().toString());
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
        var held = Held.of(folder);
        if (held.isEmpty()) {
            return Optional.empty();
        }
        Optional<FolderLock> lock = Optional.empty();
        try {
            lock = locked(folder, held.get());
        } finally {
            if (lock.isEmpty()) {
                held.get().end();
            }
        }
        return lock;
    }

    private static Optional<FolderLock> locked(Path folder, Held held) throws IOException {
        var channel = FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
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
