package dev.warder.oauth.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lock on one file, among the threads of this process and among processes: the operating system ends it with the
 * process. The file is never deleted, since a process that waits for it would hold a lock that no other process sees.
 * Thread-safe.
 */
final class PathLock {
    private static final Map<Path, PathLock> ALL = new ConcurrentHashMap<>();

    private final Path path;

    @GuardedBy("this")
    private boolean held;

    /**
     * Open from the first attempt until the lock was acquired. A process may end all its locks on a file by closing any
     * channel of it (POSIX). There, an attempt that closed its own channel would end the lock of another deployment in
     * the same JVM.
     */
    @GuardedBy("this")
    private @Nullable FileChannel channel;

    private PathLock(Path path) {
        this.path = path;
    }

    /** @param path without links, so that every way to the file leads to the same lock */
    static PathLock of(Path path) {
        return ALL.computeIfAbsent(path, PathLock::new);
    }

    /** Whether the lock is held now; does not wait. */
    synchronized boolean tryEnter() throws IOException {
        if (held) {
            return false;
        }
        // An interruption closes the channel.
        var open = channel == null || !channel.isOpen() ? open() : channel;
        channel = open;
        try {
            held = open.tryLock() != null;
        } catch (OverlappingFileLockException anotherDeployment) {
            held = false;
        }
        return held;
    }

    /** Only after {@link #tryEnter} was true. */
    synchronized void leave() throws IOException {
        var open = Objects.requireNonNull(channel, "the lock is held");
        channel = null;
        held = false;
        open.close();
    }

    private FileChannel open() throws IOException {
        var open = OwnerOnly.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        OwnerOnly.giveTo(Objects.requireNonNull(path.getParent(), "a file lies in a folder"), path);
        return open;
    }
}
