package dev.warder.policy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last entries of the audit that this node wrote or read, in a file next to its journal of the ledger. The chain of hashes does not
 * show that a database has lost its last entries, or is an older one; but it lacks entries of this file. Those stay in the file until
 * the database has them again or an operator deletes the file. The disk has each line before the caller goes on. Nothing is
 * read before the first call of {@link #missing}. One thread at a time.
 */
final class AuditMark {
    private static final Logger LOG = LoggerFactory.getLogger("dev.warder.audit");
    private static final String NAME = "audit.entries";
    /** Before the lines of entries that the database lacks. */
    private static final String MISSING = "- ";

    private static final int KEPT = 1000;

    private final Optional<Path> file;
    private final List<AuditChange> missing = new ArrayList<>();
    /** The last of them is in the database, unless it has lost its end since. */
    private final List<AuditChange> seen = new ArrayList<>();

    private boolean isRead;
    private boolean isOutdated;

    /** @param folder that of the journal; empty for none, and then nothing is ever missing */
    AuditMark(Optional<Path> folder) {
        file = folder.map(each -> each.resolve(NAME));
    }

    /** Returns the entries that the database lacks, the oldest first, and logs them when they are new. */
    List<AuditChange> missing(Handle handle) {
        if (file.isEmpty()) {
            return List.of();
        }
        int before = missing.size();
        read(file.get());
        boolean isNews = missing.removeIf(each -> isThere(handle, each));
        int end = seen.size();
        // Those before one that is there are in its chain.
        while (end > 0 && !isThere(handle, seen.get(end - 1))) {
            end--;
        }
        var lost = seen.subList(end, seen.size());
        if (!lost.isEmpty()) {
            missing.addAll(lost);
            lost.clear();
            isNews = true;
        }
        if (isNews) {
            isOutdated = true;
            write(List.of());
        }
        if (missing.size() > before) {
            LOG.warn(
                    "{}; if they are not to come back, make these changes again, and delete {} while the node is stopped",
                    AuditChange.text(missing),
                    file.get());
        }
        return List.copyOf(missing);
    }

    /** Notes what other nodes have changed, up to the entry of this number. */
    void follow(Handle handle, long last) {
        long known = seen.isEmpty() ? 0 : seen.get(seen.size() - 1).number();
        if (file.isPresent() && known < last) {
            add(AuditTable.changes(handle, Math.max(known, last - KEPT), KEPT));
        }
    }

    void add(List<AuditChange> changes) {
        if (file.isPresent() && !changes.isEmpty()) {
            seen.addAll(changes);
            write(changes);
        }
    }

    private static boolean isThere(Handle handle, AuditChange change) {
        return AuditTable.has(handle, change.number(), change.hash());
    }

    private void read(Path from) {
        if (isRead) {
            return;
        }
        isRead = true;
        // What a full disk or a failure of the machine has left of it may be anything.
        isOutdated = true;
        try {
            for (var line : Files.readAllLines(from, StandardCharsets.ISO_8859_1)) {
                boolean isMissing = line.startsWith(MISSING);
                AuditChange.parse(isMissing ? line.substring(MISSING.length()) : line)
                        .ifPresent((isMissing ? missing : seen)::add);
            }
        } catch (NoSuchFileException none) {
            // The node is new.
        } catch (IOException unreadable) {
            LOG.warn(
                    "{} cannot be read ({}): whether the database has lost entries of the audit is not known",
                    from,
                    unreadable.getClass().getSimpleName());
        }
    }

    private void write(List<AuditChange> added) {
        boolean isWhole = isOutdated || seen.size() > 2 * KEPT;
        if (isWhole) {
            for (var all : List.of(missing, seen)) {
                all.subList(0, Math.max(0, all.size() - KEPT)).clear();
            }
        }
        var lines = isWhole
                ? Stream.concat(
                        missing.stream().map(each -> MISSING + each.line()),
                        seen.stream().map(AuditChange::line))
                : added.stream().map(AuditChange::line);
        try {
            write(isWhole, lines.collect(Collectors.joining()));
            isOutdated = false;
        } catch (IOException full) {
            if (!isOutdated) {
                LOG.warn("{} cannot be written: {}", NAME, full.getClass().getSimpleName());
            }
            isOutdated = true;
        }
    }

    private void write(boolean isWhole, String lines) throws IOException {
        var path = file.orElseThrow();
        var written = isWhole ? path.resolveSibling(NAME + ".new") : path;
        var how = isWhole ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND;
        try (var channel = FileChannel.open(written, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
            var bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        }
        if (isWhole) {
            Files.move(written, path, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
