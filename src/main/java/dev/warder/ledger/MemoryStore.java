package dev.warder.ledger;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.ledger.store.Backlog;
import dev.warder.ledger.store.Column;
import dev.warder.ledger.store.GroupReader;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.LedgerPeriod;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerStore;
import dev.warder.ledger.store.RecordCodec;
import dev.warder.usage.UsageRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last rows, in memory. They are stored at once, so that nothing waits for it. Each is written into the bytes of the row
 * that it replaces: the collector copies new objects that live this long several times, at the cost of some percent of a
 * small request. Thread-safe.
 */
final class MemoryStore implements LedgerStore, Backlog, GroupReader {
    /** The most rows that are kept. */
    static final int ROWS = 10_000;

    private static final Comparator<Position> ORDER =
            Comparator.comparing(Position::ended).thenComparing(Position::tryId).thenComparing(Position::part);

    @GuardedBy("this")
    private final @Nullable Slot[] slots = new Slot[ROWS];

    /** Since the start, those that were overwritten too. */
    @GuardedBy("this")
    private long stored;

    /** The bytes of a row, and then of the next one in the same place. */
    private static final class Slot {
        private static final int USUAL_BYTES = 512;

        private ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);

        /** Milliseconds of the epoch. */
        private long ended;

        void replace(UsageRow row) {
            if (bytes.size() > 2 * USUAL_BYTES) {
                bytes = new ByteArrayOutputStream(USUAL_BYTES);
            }
            bytes.reset();
            RecordCodec.encode(new Intent.Settled(Optional.empty(), List.of(row)), bytes);
            ended = row.ended().toEpochMilli();
        }

        Instant ended() {
            return Instant.ofEpochMilli(ended);
        }

        boolean endedWithin(Instant from, Instant to) {
            return !ended().isBefore(from) && ended().isBefore(to);
        }
    }

    /** A row as it is read. */
    private static final class Stored {
        final Instant ended;
        final byte[] row;

        Stored(Slot slot) {
            this.ended = slot.ended();
            this.row = slot.bytes.toByteArray();
        }
    }

    @Override
    public int store(List<Intent.Settled> settled) {
        settled.forEach(each -> each.rows().forEach(this::store));
        return 0;
    }

    private synchronized void store(UsageRow row) {
        int place = (int) (stored % ROWS);
        var slot = slots[place] == null ? new Slot() : slots[place];
        // A row that cannot be written must not be read.
        slots[place] = null;
        slot.replace(row);
        slots[place] = slot;
        stored++;
    }

    @Override
    public boolean add(Intent.Settled settled) {
        store(List.of(settled));
        return true;
    }

    @Override
    public Batch next() {
        return new Batch(List.of(), true);
    }

    @Override
    public List<WrittenCounts> counts(LedgerPeriod period) {
        return List.of();
    }

    @Override
    public List<LedgerReport.UsageSlot> usage(LedgerPeriod period) {
        return sums(period).usage();
    }

    @Override
    public List<LedgerReport.Share> shares(LedgerPeriod period, Shared by) {
        return sums(period).shares(by);
    }

    private MemorySums sums(LedgerPeriod period) {
        var sums = new MemorySums(period);
        between(period.from(), period.to()).forEach(each -> sums.add(line(each.row)));
        return sums;
    }

    @Override
    public Optional<Instant> pieceEnd(Instant from, Instant to, int rows) {
        return Optional.empty();
    }

    @Override
    public void read(Query query, Groups groups) {
        for (var each : between(query.from(), query.to())) {
            var line = line(each.row);
            if (Boolean.TRUE.equals(line.get(Column.BILLED))) {
                var group = Group.of(query, each.ended, line);
                if (!group.sums().isNothing()) {
                    groups.add(group);
                }
            }
        }
    }

    @Override
    public void stored() {
        // Nothing waits.
    }

    @Override
    public synchronized long storedAtOnce() {
        return stored;
    }

    @Override
    public List<Line> page(Position after, Instant to) {
        var page = new ArrayList<Line>();
        var last = after.ended();
        for (var each : between(after.ended(), to)) {
            // Rows of one millisecond are sorted by their ids.
            if (page.size() >= LedgerStore.LINES && !each.ended.equals(last)) {
                break;
            }
            var line = line(each.row);
            if (ORDER.compare(Position.after(line), after) > 0) {
                page.add(line);
                last = each.ended;
            }
        }
        page.sort(Comparator.comparing(Position::after, ORDER));
        return List.copyOf(page.subList(0, Math.min(page.size(), LedgerStore.LINES)));
    }

    private synchronized List<Stored> between(Instant from, Instant to) {
        var found = new ArrayList<Stored>();
        for (var slot : slots) {
            if (slot != null && slot.endedWithin(from, to)) {
                found.add(new Stored(slot));
            }
        }
        found.sort(Comparator.comparing(each -> each.ended));
        return found;
    }

    private static Line line(byte[] bytes) {
        var row = row(bytes);
        var values = new ArrayList<@Nullable Object>();
        for (var column : Column.values()) {
            var value = column.of(row);
            values.add(value instanceof Instant time ? time.truncatedTo(ChronoUnit.MILLIS) : value);
        }
        return new Line(values);
    }

    private static UsageRow row(byte[] bytes) {
        try {
            return RecordCodec.decode(bytes).settled().orElseThrow().rows().get(0);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
