package dev.warder.ledger.store;

import dev.warder.record.CompletedRequest;
import dev.warder.record.RequestEnd;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts of requests by minute and by hour, for plots. They are written as a whole each time, so that a write may be
 * repeated; counts whose write was not possible for long are dropped. Thread-safe; {@link #add} does not wait.
 */
public final class Rollup {
    /** How long counts wait for a database. */
    public static final Duration KEPT = Duration.ofDays(1);

    /** The length of the times that are counted. */
    public enum Step {
        MINUTE(ChronoUnit.MINUTES),
        HOUR(ChronoUnit.HOURS);

        private final ChronoUnit unit;

        Step(ChronoUnit unit) {
            this.unit = unit;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public Slot slot(Instant time) {
            return new Slot(this, time.truncatedTo(unit));
        }
    }

    /** The beginning of a time that is counted, and its length. */
    public record Slot(Step step, Instant starts) {
        boolean isOver(Instant now) {
            return !now.isBefore(starts.plus(1, step.unit));
        }
    }

    /**
     * The counts so far.
     *
     * @param id of its own: when a clock is set back, counts of a time that were written and forgotten begin again, and must
     *     not replace what was written
     */
    public record Entry(Slot slot, String id, Counts counts) {
        Entry(Slot slot) {
            this(slot, UUID.randomUUID().toString(), new Counts());
        }
    }

    /** Counts; thread-safe. */
    public static final class Counts {
        private final LongAdder requests = new LongAdder();
        private final LongAdder refusals = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private final Histogram firstByte = new Histogram();
        private final Histogram added = new Histogram();

        public long requests() {
            return requests.sum();
        }

        public long refusals() {
            return refusals.sum();
        }

        public long failures() {
            return failures.sum();
        }

        public void add(long moreRequests, long moreRefusals, long moreFailures) {
            requests.add(moreRequests);
            refusals.add(moreRefusals);
            failures.add(moreFailures);
        }

        public void add(Counts other) {
            add(other.requests(), other.refusals(), other.failures());
            firstByte.add(other.firstByte);
            added.add(other.added);
        }

        public Histogram firstByte() {
            return firstByte;
        }

        public Histogram added() {
            return added;
        }
    }

    private final InstantSource clock;
    private final Duration kept;
    private final Map<Slot, Entry> open = new ConcurrentHashMap<>();

    public Rollup(InstantSource clock, Duration kept) {
        this.clock = clock;
        this.kept = kept;
    }

    /** Counts a request that has ended now, unless it is one of a monitor or an operator. */
    public void add(CompletedRequest request) {
        if (!request.call().route().isForClients()) {
            return;
        }
        var now = clock.instant();
        for (var step : Step.values()) {
            count(open.computeIfAbsent(step.slot(now), Entry::new).counts(), request);
        }
    }

    private static void count(Counts counts, CompletedRequest request) {
        counts.requests.increment();
        if (request.end() == RequestEnd.REFUSED || request.end() == RequestEnd.BUDGET) {
            counts.refusals.increment();
        } else if (request.end() != RequestEnd.OK && request.end() != RequestEnd.CLIENT_GONE) {
            counts.failures.increment();
        }
        request.timeToFirstByte().ifPresent(counts.firstByte::add);
        request.addedLatency().ifPresent(counts.added::add);
    }

    public List<Entry> entries() {
        return List.copyOf(open.values());
    }

    public Map<String, Entry> entries(Step step, Instant from, Instant to) {
        var entries = new HashMap<String, Entry>();
        open.forEach((slot, entry) -> {
            if (slot.step() == step
                    && !slot.starts().isBefore(from)
                    && slot.starts().isBefore(to)) {
                entries.put(entry.id(), entry);
            }
        });
        return entries;
    }

    /**
     * Forgets what is complete.
     *
     * @param written what was written, as it was
     * @param asOf when {@link #entries} was called: what was counted later is not in {@code written}
     */
    public void written(List<Entry> written, Instant asOf) {
        // A minute more, because a request takes its slot before it counts.
        var settled = asOf.minus(1, ChronoUnit.MINUTES);
        written.stream()
                .filter(entry -> entry.slot().isOver(settled))
                .forEach(entry -> open.remove(entry.slot(), entry));
    }

    /** Forgets what is too old, when it could not be written. To be called often. */
    public void dropOld() {
        var now = clock.instant();
        open.keySet().removeIf(slot -> slot.isOver(now.minus(kept)));
    }
}
