package dev.warder.ledger.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that states: from this file of the journal on, and since this start of the machine, all that requests hold of budgets or
 * were charged is in the journal or was stored. After a kill, the rest of what the node had reserved can then be given back. It
 * is deleted when something is lost, which is possible on a full disk too. A machine that fails may lose what was appended last;
 * after its next start it has another id. Thread-safe. The disk is waited
 * for in {@link #look} and {@link #begin} only.
 */
final class HoldsMark {
    private static final Logger LOG = LoggerFactory.getLogger(HoldsMark.class);
    private static final String NAME = "holds.complete";

    /** A new random id at each start of Linux (random(4)). */
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;
    private final Optional<String> machine;

    private volatile boolean earlier;

    private volatile boolean lost;

    private volatile boolean unwanted;

    @GuardedBy("this")
    private boolean begun;

    @GuardedBy("this")
    private boolean failed;

    private HoldsMark(Path file, Optional<String> machine, boolean earlier) {
        this.file = file;
        this.machine = machine;
        this.earlier = earlier;
    }

    /**
     * The mark in this folder, as earlier runs have left it.
     *
     * @param machine identifies this start of the machine; where that is not known, there is never a mark
     * @param oldest the number of the oldest file
     * @throws IOException when it is about something else, and cannot be deleted
     */
    static HoldsMark in(Path folder, Optional<String> machine, long oldest) throws IOException {
        var mark = folder.resolve(NAME);
        boolean valid = machine.isPresent() && isAbout(read(mark), machine.get(), oldest);
        if (!valid) {
            Files.deleteIfExists(mark);
        }
        return new HoldsMark(mark, machine, valid);
    }

    private static boolean isAbout(String text, String machine, long oldest) {
        var parts = text.split(" ", -1);
        return parts.length == 2
                && parts[0].equals(machine)
                && parts[1].matches("[0-9]{1,18}")
                && Long.parseLong(parts[1]) <= oldest;
    }

    static Optional<String> machine() {
        try {
            return Optional.of(Files.readString(BOOT_ID).strip()).filter(id -> !id.isEmpty());
        } catch (IOException | RuntimeException unknown) {
            return Optional.empty();
        }
    }

    private static String read(Path file) throws IOException {
        try {
            // What a full disk has left of it may be anything.
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException none) {
            return "";
        }
    }

    /** Whether all that requests of earlier runs held is in the journal. Does not wait. */
    boolean hasEarlier() {
        return earlier;
    }

    /** Something of earlier runs is lost. Does not wait: {@link #look} deletes the file. */
    void loseEarlier() {
        earlier = false;
        unwanted = true;
    }

    /** Something of this run is lost, until the next start. Does not wait: {@link #look} deletes the file. */
    void lose() {
        if (!lost) {
            lost = true;
            LOG.warn("The journal has not all that requests hold of budgets: after a kill all leases stay reserved");
        }
        unwanted = true;
    }

    /** Whether something of this run is lost and the file is not there. Does not wait. */
    boolean isGone() {
        return lost && !unwanted;
    }

    /** Deletes the file if it must not be there. Returns whether it can be there. */
    synchronized boolean look() {
        if (unwanted) {
            try {
                Files.deleteIfExists(file);
                unwanted = false;
            } catch (IOException stays) {
                if (!failed) {
                    LOG.error("{} cannot be deleted: {}", NAME, stays.getClass().getSimpleName());
                }
                failed = true;
            }
        }
        return unwanted;
    }

    /**
     * The files of earlier runs are gone: from now on the mark is about this run alone.
     *
     * @param oldest the number of the oldest file
     */
    synchronized void begin(long oldest) {
        if (begun || look() || machine.isEmpty()) {
            return;
        }
        try {
            if (!lost) {
                Files.writeString(file, machine.get() + " " + oldest);
            }
            begun = true;
        } catch (IOException full) {
            LOG.debug("{} was not written: {}", NAME, full.getClass().getSimpleName());
        }
        // It may have been lost meanwhile.
        look();
    }
}
