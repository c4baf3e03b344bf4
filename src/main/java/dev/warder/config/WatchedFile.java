package dev.warder.config;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The value of a file, updated when the file changes. If a version is missing, unreadable or refused by the parser, the
 * value stays as it was, and the setting, the file's name and the reason are logged once, never the path or the content.
 * Thread-safe; the parser is called by one thread at a time.
 *
 * @param <T> what the content means; immutable
 */
public final class WatchedFile<T> {
    /**
     * Makes a value of a file's content.
     *
     * @param <T> the value
     */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(byte[] content) throws InvalidValueException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);

    private final String setting;
    private final Path path;
    private final Parser<T> parser;
    private final FileVersion.Opener opener;
    private final AtomicLong reloads = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private volatile T current;
    private volatile boolean stale;

    /** The version last read whole, also when the parser refused it; null while the file cannot be read. */
    @GuardedBy("this")
    private @Nullable FileVersion seen;

    @GuardedBy("this")
    private boolean settled;

    @GuardedBy("this")
    private String complaint = "";

    private volatile Consumer<? super T> listener = none -> {};

    WatchedFile(String setting, Path path, Parser<T> parser) throws InvalidValueException {
        this(setting, path, parser, Files::newInputStream);
    }

    WatchedFile(String setting, Path path, Parser<T> parser, FileVersion.Opener opener) throws InvalidValueException {
        this.setting = setting;
        this.path = path;
        this.parser = parser;
        this.opener = opener;
        FileVersion first;
        try {
            first = FileVersion.read(path, opener);
            this.current = parse(first);
        } catch (InvalidValueException unusable) {
            // Not even the file's name: what was never read as a file may be a secret in the wrong place.
            throw new InvalidValueException("file: " + unusable.reason());
        }
        this.seen = first;
    }

    public T current() {
        return current;
    }

    /** Passes each later value to the listener, on the thread that has read the file. It replaces an earlier one, and must not throw. */
    public void onChange(Consumer<? super T> listener) {
        this.listener = listener;
    }

    /** Whether the newest version cannot be used, so that the value is that of an earlier one; never waits. */
    public boolean isStale() {
        return stale;
    }

    long reloads() {
        return reloads.get();
    }

    long refusals() {
        return refusals.get();
    }

    /**
     * The value of the newest usable version, after reading the file now, even if its marks are unchanged. Waits for
     * the disk; never throws.
     */
    synchronized T readNow() {
        settled = false;
        check();
        return current;
    }

    /** Reads the file again if it has changed; never throws. */
    public synchronized void check() {
        try {
            FileVersion changed = findChange();
            if (changed != null) {
                takeOver(changed);
            }
        } catch (InvalidValueException unreadable) {
            seen = null;
            if (!unreadable.reason().equals(complaint)) {
                complain(unreadable.reason());
            }
        }
    }

    @GuardedBy("this")
    private @Nullable FileVersion findChange() throws InvalidValueException {
        FileVersion known = seen;
        if (known != null && settled && FileVersion.stampOf(path).equals(known.stamp)) {
            return null;
        }
        FileVersion now = FileVersion.read(path, opener);
        seen = now;
        if (known == null || !Arrays.equals(now.content, known.content)) {
            settled = false;
            return now;
        }
        // A second write within one tick of the file system's clock leaves the stamp as it is, so every version is
        // read again at the next look.
        settled = known.stamp.equals(now.stamp);
        return null;
    }

    @GuardedBy("this")
    private void takeOver(FileVersion version) {
        try {
            current = parse(version);
            complaint = "";
            stale = false;
            reloads.incrementAndGet();
            LOG.info("{}: file {}: reloaded", setting, path.getFileName());
            listener.accept(current);
        } catch (InvalidValueException refused) {
            complain(refused.reason());
        }
    }

    private T parse(FileVersion version) throws InvalidValueException {
        try {
            return parser.parse(version.content);
        } catch (RuntimeException unexpected) {
            throw new InvalidValueException(
                    "cannot be understood (" + unexpected.getClass().getSimpleName() + ")");
        }
    }

    @GuardedBy("this")
    private void complain(String reason) {
        complaint = reason;
        stale = true;
        refusals.incrementAndGet();
        LOG.warn("{}: file {}: {}; what was read before stays in use", setting, path.getFileName(), reason);
    }

    /**
     * The content of a file, with the marks that change when it is written or replaced: its time, its size, and its inode if
     * there is one. No record of them, for whose comparison the virtual machine makes 50 classes.
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record FileVersion(List<Object> stamp, byte[] content) {
        private static final int MOST_BYTES = 16 << 20;
        private static final int ATTEMPTS = 3;

        /** Opens a file; a seam, so that a test can change the file while it is being read. */
        interface Opener {
            InputStream open(Path path) throws IOException;
        }

        static FileVersion read(Path path, Opener opener) throws InvalidValueException {
            List<Object> before = stampOf(path);
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                byte[] content = readAll(path, opener);
                List<Object> after = stampOf(path);
                if (after.equals(before)) {
                    return new FileVersion(after, content);
                }
                before = after;
            }
            throw new InvalidValueException("changes while it is read");
        }

        private static byte[] readAll(Path path, Opener opener) throws InvalidValueException {
            try (InputStream in = opener.open(path)) {
                byte[] content = in.readNBytes(MOST_BYTES + 1);
                if (content.length > MOST_BYTES) {
                    throw new InvalidValueException("is larger than 16 MiB");
                }
                return content;
            } catch (IOException failed) {
                throw new InvalidValueException(reason(failed));
            }
        }

        static List<Object> stampOf(Path path) throws InvalidValueException {
            try {
                var attributes = Files.readAttributes(path, BasicFileAttributes.class);
                if (!attributes.isRegularFile()) {
                    // Opening a pipe would block the thread that looks.
                    throw new InvalidValueException("is not a regular file");
                }
                Object key = Objects.requireNonNullElse(attributes.fileKey(), "");
                return List.of(attributes.lastModifiedTime(), attributes.size(), key);
            } catch (IOException failed) {
                throw new InvalidValueException(reason(failed));
            }
        }

        // Never the exception's message: it has the whole path.
        private static String reason(IOException failed) {
            if (failed instanceof NoSuchFileException) {
                return "does not exist";
            }
            return failed instanceof AccessDeniedException ? "may not be read" : "cannot be read";
        }
    }
}
