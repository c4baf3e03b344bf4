package dev.warder.ledger.journal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file beside the journal that says: since this start of the machine, all that requests hold of budgets is in the journal.
 * After a kill the rest of what the node had reserved can then be given back. It is deleted before a request is sent whose hold
 * is not in the journal, which is possible on a full disk too. A machine that fails may lose what was appended last; after its
 * next start it has another id. Thread-safe.
 *
 * <p>One case is not covered: a process that is killed while its disk has not responded for more than a second.
 */
final class HoldsMark {
    private static final Logger LOG = LoggerFactory.getLogger(HoldsMark.class);
    private static final String NAME = "holds.complete";

    /** A new random id at each start of Linux (random(4)). */
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;
    private final Optional<String> machine;

    /** Whether all that requests of earlier runs held is in their files. */
    @GuardedBy("this")
    private boolean earlier;

    /** Whether the files of earlier runs are gone. */
    @GuardedBy("this")
    private boolean begun;

    /** Whether something of this run is not in the journal. */
    @GuardedBy("this")
    private boolean removed;

    private HoldsMark(Path file, Optional<String> machine, boolean earlier) {
        this.file = file;
        this.machine = machine;
        this.earlier = earlier;
    }

    /**
     * The mark in this folder, as earlier runs have left it.
     *
     * @param machine identifies this start of the machine; where that is not known, there is never a mark
     * @throws IOException when it is another one, and cannot be deleted
     */
    static HoldsMark in(Path folder, Optional<String> machine) throws IOException {
        var file = folder.resolve(NAME);
        boolean same = machine.isPresent() && machine.equals(read(file));
        if (!same) {
            Files.deleteIfExists(file);
        }
        return new HoldsMark(file, machine, same);
    }

    /** Identifies this start of the machine; empty where it cannot be read. */
    static Optional<String> machine() {
        try {
            return Optional.of(Files.readString(BOOT_ID).strip()).filter(id -> !id.isEmpty());
        } catch (IOException | RuntimeException unknown) {
            return Optional.empty();
        }
    }

    private static Optional<String> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** Whether all that requests of earlier runs held is in the journal. */
    synchronized boolean hasEarlier() {
        return earlier;
    }

    /** Something of earlier runs cannot be read. */
    synchronized void loseEarlier() {
        if (earlier) {
            earlier = false;
            delete();
        }
    }

    /** The files of earlier runs are gone: from now on the mark is about this run alone. */
    synchronized void begin() {
        if (begun) {
            return;
        }
        begun = true;
        if (machine.isPresent() && !removed) {
            try {
                Files.writeString(file, machine.get());
            } catch (IOException failed) {
                LOG.debug("{} was not written: {}", NAME, failed.getClass().getSimpleName());
            }
        }
    }

    /** Something that a request of this run holds will not be in the journal. */
    synchronized void remove() {
        if (!removed) {
            removed = true;
            LOG.warn("The journal has not all that requests hold of budgets: a kill would leave all leases reserved");
            delete();
        }
    }

    @GuardedBy("this")
    private void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            LOG.error("{} cannot be deleted: {}", NAME, stays.getClass().getSimpleName());
        }
    }
}
