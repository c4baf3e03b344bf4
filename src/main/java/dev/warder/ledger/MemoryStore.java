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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last rows, in memory. They are stored at once, so that nothing waits for it. Each is one array of bytes, which the row
 * that replaces it uses again: the collector copies new objects that live this long several times, at the cost of a few
 * percent of a small request. Thread-safe.
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

    /** A row, and after it others in the same place. */
    private static final class Slot {
        private static final int BLOCK = 64;

        /** The row's number, counted from 0 since the start. */
        private long number;

        /** Milliseconds of the epoch. */
        private long ended;

        private byte[] array = {};
        private int length;

        void replace(long newNumber, Instant newEnd, byte[] row) {
            if (array.length < row.length || array.length > 2 * row.length) {
                array = new byte[(row.length / BLOCK + 1) * BLOCK];
            }
            System.arraycopy(row, 0, array, 0, row.length);
            length = row.length;
            number = newNumber;
            ended = newEnd.toEpochMilli();
        }

        Instant ended() {
            return Instant.ofEpochMilli(ended);
        }

        byte[] row() {
            return Arrays.copyOf(array, length);
        }
    }

    /** A row that was there when it was looked for. */
    private record Found(Slot slot, long number, Instant ended) {}

    @Override
    public int store(List<Intent.Settled> settled) {
        settled.forEach(each -> each.rows().forEach(this::store));
        return 0;
    }

    private void store(UsageRow row) {
        byte[] encoded = RecordCodec.encode(new Intent.Settled(Optional.empty(), List.of(row)));
        synchronized (this) {
            int place = (int) (stored % ROWS);
            var slot = slots[place] == null ? new Slot() : slots[place];
            slot.replace(stored, row.ended(), encoded);
            slots[place] = slot;
            stored++;
        }
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
        between(period.from(), period.to()).forEach(each -> line(each).ifPresent(sums::add));
        return sums;
    }

    @Override
    public Optional<Instant> pieceEnd(Instant from, Instant to, int rows) {
        return Optional.empty();
    }

    @Override
    public void read(Query query, Groups groups) {
        for (var each : between(query.from(), query.to())) {
            line(each)
                    .filter(line -> Boolean.TRUE.equals(line.get(Column.BILLED)))
                    .map(line -> Group.of(query, each.ended, line))
                    .filter(group -> !group.sums().isNothing())
                    .ifPresent(groups::add);
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
            var line = line(each).filter(row -> ORDER.compare(Position.after(row), after) > 0);
            if (line.isPresent()) {
                page.add(line.get());
                last = each.ended;
            }
        }
        page.sort(Comparator.comparing(Position::after, ORDER));
        return List.copyOf(page.subList(0, Math.min(page.size(), LedgerStore.LINES)));
    }

    private List<Found> between(Instant from, Instant to) {
        var found = new ArrayList<Found>();
        synchronized (this) {
            for (var slot : slots) {
                if (slot != null && !slot.ended().isBefore(from) && slot.ended().isBefore(to)) {
                    found.add(new Found(slot, slot.number, slot.ended()));
                }
            }
        }
        found.sort(Comparator.comparing(Found::ended));
        return found;
    }

    /** The row as it is read; empty if another one has replaced it meanwhile. */
    private Optional<Line> line(Found found) {
        byte[] row;
        synchronized (this) {
            if (found.slot.number != found.number) {
                return Optional.empty();
            }
            row = found.slot.row();
        }
        return Optional.of(line(row));
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
