package dev.warder.policy;

import dev.warder.config.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last entries of the audit that this node wrote or read, in a file next to its journal of the ledger. The chain of hashes does not
 * show that a database has lost its last entries, or is an older one; but it lacks entries of this file. Those stay in the file until
 * the database has them again, or an operator deletes the file. The disk has an entry before the caller goes on. Nothing is
 * read before the first comparison. One thread at a time.
 */
final class AuditMark {
    private static final Logger LOG = LoggerFactory.getLogger("dev.warder.audit");
    private static final Pattern LINE = Pattern.compile("([0-9]{1,18}) ([0-9a-f]{64}) (.*)");
    private static final int KEPT = 200;

    private final Optional<Path> file;
    /** Entries that the database lacked at the last comparison come first. */
    private final List<Line> lines = new ArrayList<>();

    private int missing;
    private boolean isRead;

    /**
     * An entry of the audit. Immutable.
     *
     * @param change its action and its subject
     */
    record Line(long number, String hash, String change) {}

    /** @param folder that of the journal; empty for none, and then nothing is ever missing */
    AuditMark(Optional<Path> folder) {
        file = folder.map(each -> each.resolve("audit.entries"));
    }

    /** Warns of the entries that the database lacks. */
    void compare(Handle handle) {
        missing(handle)
                .ifPresent(text -> LOG.warn(
                        "{}; make these changes again, then delete {} while the node is stopped", text, file.get()));
    }

    /** Names the entries that the database lacks; empty if there are none. */
    Optional<String> missing(Handle handle) {
        file.filter(any -> !isRead).ifPresent(this::read);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        var there = AuditTable.hashes(handle, lines.stream().map(Line::number).toList());
        var lost = lines.stream().filter(each -> !there.contains(each.hash)).toList();
        missing = lost.size();
        lines.removeAll(lost);
        lines.addAll(0, lost);
        return Optional.of(lost.stream()
                        .map(each -> each.number + " " + each.change)
                        .collect(Collectors.joining(", ")))
                .filter(text -> !text.isEmpty())
                .map("the database has lost entries of the audit that this node has had: "::concat);
    }

    /** Notes what other nodes have changed, up to the entry of this number. */
    void follow(Handle handle, long last) {
        long known = lines.size() == missing ? 0 : lines.get(lines.size() - 1).number;
        if (file.isPresent() && known < last) {
            write(AuditTable.lines(handle, Math.max(known, last - KEPT), last));
        }
    }

    void add(List<AuditEntry> entries) {
        if (file.isPresent() && !entries.isEmpty()) {
            write(entries.stream()
                    .map(each -> new Line(
                            each.number(),
                            each.hash(),
                            each.item().action() + " " + each.item().subject()))
                    .toList());
        }
    }

    private void read(Path from) {
        isRead = true;
        try {
            // A line may be anything after a failure of the disk.
            Files.readString(from)
                    .lines()
                    .map(LINE::matcher)
                    .filter(each -> each.matches())
                    .forEach(each -> lines.add(new Line(Long.parseLong(each.group(1)), each.group(2), each.group(3))));
        } catch (NoSuchFileException none) {
            // The node is new.
        } catch (IOException unreadable) {
            LOG.warn("{} cannot be read: {}", from, unreadable.getClass().getSimpleName());
        }
    }

    private void write(List<Line> added) {
        lines.addAll(added);
        lines.subList(missing, Math.max(missing, lines.size() - KEPT)).clear();
        var path = file.orElseThrow();
        var fresh = path.resolveSibling("audit.entries.new");
        var text = lines.stream()
                .map(each -> each.number + " " + each.hash + " " + each.change + "\n")
                .collect(Collectors.joining());
        try {
            Files.writeString(
                    fresh,
                    text,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DSYNC);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            TextFile.forceFolder(path);
        } catch (IOException full) {
            LOG.warn("{} cannot be written: {}", path, full.getClass().getSimpleName());
        }
    }
}
