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

/**
 * A folder that one process may use at a time. The operating system ends the lock with the process, so that nothing is left
 * to be removed after a kill. Thread-safe.
 */
public final class FolderLock implements AutoCloseable {
    private static final String FILE = "lock";

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks a folder, which is created if it does not exist, for its owner only.
     *
     * @return empty when another process, or another application of this process, has the lock
     * @throws IOException when the folder cannot be created or written
     */
    public static Optional<FolderLock> of(Path folder) throws IOException {
        create(folder);
        var channel = FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new FolderLock(channel));
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
        }
    }
}
