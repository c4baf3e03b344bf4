package dev.warder.ledger.journal;

import dev.warder.ledger.store.Backlog;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.HeldAmount;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.KilledRuns;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.ledger.store.RecordCodec;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files of a journal in order, and deletes those that are stored. What earlier runs left open becomes rows that
 * ended as unknown, after all of their files. One thread at a time; the numbers may be read on any thread.
 */
final class JournalReader {
    private static final Logger LOG = LoggerFactory.getLogger(JournalReader.class);

    /** How often in a row the reading of an earlier file may fail before the others are read without it. */
    private static final int ATTEMPTS = 3;

    private static final JournalFrames.Part NOTHING = new JournalFrames.Part(List.of(), 0, JournalFrames.Rest.NONE);

    private final JournalFiles files;
    private final Journal.Limits limits;
    private final HoldsMark mark;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();

    private final EarlierRuns earlier = new EarlierRuns();

    private Optional<Reading> reading = Optional.empty();

    /** A batch that is being stored; {@code end} is its end in the file. */
    private record Reading(JournalFile file, long end, Backlog.Batch batch, boolean leaves) {}

    /**
     * The remains of earlier runs in a journal, as far as it has been read: open intents, and what these hold. One thread
     * at a time.
     */
    private static final class EarlierRuns {
        private final Map<UUID, Intent> open = new LinkedHashMap<>();
        private final Set<UUID> runs = new HashSet<>();

        void read(RecordCodec.Decoded record) {
            record.intent().ifPresent(this::begin);
            record.heldInstead()
                    .ifPresent(
                            held -> open.computeIfPresent(held.intent(), (id, intent) -> intent.holding(held.nanos())));
            record.settled().ifPresent(this::end);
        }

        private void begin(Intent intent) {
            open.put(intent.id(), intent);
            intent.held().map(HeldAmount::charged).map(Charged::run).ifPresent(runs::add);
        }

        private void end(Intent.Settled settled) {
            settled.intent().ifPresent(open::remove);
            settled.charged().map(Charged::run).ifPresent(runs::add);
        }

        boolean isEmpty() {
            return open.isEmpty() && runs.isEmpty();
        }

        List<Intent.Settled> unknown(Instant now) {
            return open.values().stream()
                    .map(intent -> intent.unknown(now).withoutIntent())
                    .toList();
        }

        KilledRuns killed() {
            Map<UUID, Map<PeriodKey, Long>> sums = new HashMap<>();
            runs.forEach(run -> sums.put(run, new HashMap<>()));
            open.values().stream().flatMap(intent -> intent.held().stream()).forEach(held -> {
                var sum = sums.computeIfAbsent(held.charged().run(), run -> new HashMap<>());
                held.charged().periods().forEach(period -> sum.merge(period, held.nanos(), Math::addExact));
            });
            return new KilledRuns(sums);
        }

        void clear() {
            open.clear();
            runs.clear();
        }
    }

    JournalReader(
            JournalFiles files, Journal.Limits limits, HoldsMark mark, InstantSource clock, LongSupplier nanoTime) {
        this.files = files;
        this.limits = limits;
        this.mark = mark;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    Backlog.Batch next() throws IOException {
        if (reading.isEmpty()) {
            reading = Optional.of(read());
        }
        return reading.get().batch();
    }

    void stored() {
        if (reading.isPresent()) {
            var done = reading.get();
            done.file().storedUpTo(done.end());
            if (done.leaves()) {
                earlier.clear();
            }
            reading = Optional.empty();
        }
    }

    private Reading read() throws IOException {
        mark.look();
        var all = files.oldestFirst();
        if (!all.get(0).earlier()) {
            mark.begin(files.oldestNumber());
        }
        for (var each : all) {
            long offset = each.offset();
            if (!each.earlier() && !earlier.isEmpty()) {
                return new Reading(each, offset, last(), true);
            }
            // Asked before the reading: what is appended in between would be missed.
            boolean complete = each.isComplete();
            long size = each.size();
            var part = part(each);
            if (!part.records().isEmpty()) {
                // Not asked again: under load there is always something more, and each batch costs a transaction.
                boolean last = !complete && part.end() >= size;
                return new Reading(each, part.end(), new Backlog.Batch(decoded(part, each.earlier()), last), false);
            }
            if (!complete) {
                break;
            }
            finish(each, part.rest());
        }
        var last = files.newest();
        return new Reading(last, last.offset(), new Backlog.Batch(List.of(), true), false);
    }

    private JournalFrames.Part part(JournalFile each) throws IOException {
        if (each.finished()) {
            return NOTHING;
        }
        try {
            var part = each.read();
            each.readSucceeded();
            return part;
        } catch (IOException failed) {
            // A file of this run waits for the disk: what is added meanwhile would not be read either.
            if (!each.earlier() || each.countFailedRead() < ATTEMPTS) {
                throw failed;
            }
            unreadable(each, failed.getClass().getSimpleName());
            return NOTHING;
        }
    }

    private void unreadable(JournalFile each, String reason) {
        unreadable.incrementAndGet();
        lose(each.earlier());
        each.giveUp();
        LOG.warn(
                "The journal's file {} cannot be read to its end ({}); it will be renamed to {}",
                each.name(),
                reason,
                each.name() + JournalFiles.UNREADABLE);
    }

    private void lose(boolean ofEarlier) {
        if (ofEarlier) {
            mark.loseEarlier();
        } else {
            mark.lose();
        }
    }

    private void finish(JournalFile file, JournalFrames.Rest rest) {
        if (rest == JournalFrames.Rest.DAMAGED) {
            unreadable(file, "a damaged record");
        } else if (rest == JournalFrames.Rest.INCOMPLETE) {
            if (!file.earlier()) {
                mark.lose();
            }
            LOG.warn("The journal of the ledger ends with a record that was not written completely");
        }
        file.finish(nanoTime.getAsLong());
    }

    private Backlog.Batch last() {
        var killed = mark.hasEarlier() ? earlier.killed() : KilledRuns.NONE;
        return new Backlog.Batch(earlier.unknown(clock.instant()), false, killed);
    }

    private List<Intent.Settled> decoded(JournalFrames.Part part, boolean ofEarlier) {
        var settled = new ArrayList<Intent.Settled>();
        for (var each : part.records()) {
            // The intents of this run are known.
            if (ofEarlier || !RecordCodec.isOfIntent(each)) {
                decode(each, ofEarlier).ifPresent(settled::add);
            }
        }
        return settled;
    }

    private Optional<Intent.Settled> decode(byte[] record, boolean ofEarlier) {
        try {
            var decoded = RecordCodec.decode(record);
            if (!ofEarlier) {
                // No unknown row was made of an intent of this run.
                return decoded.settled().map(Intent.Settled::withoutIntent);
            }
            earlier.read(decoded);
            return decoded.settled();
        } catch (IOException newer) {
            lost.incrementAndGet();
            lose(ofEarlier);
            LOG.warn("The journal of the ledger has a record that this version cannot read");
            return Optional.empty();
        }
    }

    boolean keepsStored() {
        return !storedFiles().isEmpty();
    }

    /**
     * Deletes files that are not needed any more, or renames them; the thread that calls has asked {@link #keepsStored}
     * before.
     */
    void deleteStored() throws IOException {
        var stored = storedFiles();
        if (stored.stream().anyMatch(JournalFile::earlier)) {
            // A kill between the deletion of two files leaves only a part of an earlier run.
            mark.loseEarlier();
            if (mark.look()) {
                return;
            }
        }
        for (var each : stored) {
            if (each.isUnreadable()) {
                setAside(each);
            } else {
                files.delete(each);
            }
        }
    }

    private void setAside(JournalFile each) {
        try {
            files.setAside(each);
            LOG.info("The journal's file {} was renamed", each.name());
        } catch (IOException stays) {
            LOG.warn("The journal's file {} could not be renamed", each.name());
        }
    }

    /** Never the newest one: the next record goes there, or the next file follows it. */
    private List<JournalFile> storedFiles() {
        long now = nanoTime.getAsLong();
        var newest = files.newest();
        return files.oldestFirst().stream()
                .takeWhile(each -> each != newest
                        && each.finishedFor(limits.kept().toNanos(), now)
                        && !each.hasOpenIntents()
                        && (!each.earlier() || earlier.isEmpty()))
                .toList();
    }

    long lost() {
        return lost.get();
    }

    long unreadable() {
        return unreadable.get();
    }
}
