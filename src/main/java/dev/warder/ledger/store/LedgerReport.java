package dev.warder.ledger.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Counts and sums of a {@link LedgerPeriod}, for plots and lists. Each part is empty if it cannot be read now, whatever the
 * others are. Names of clients, models and sessions are as they came: code that shows them must escape them. Immutable.
 *
 * @param counts counts and durations of requests
 * @param usage the slots that have rows, in ascending order
 * @param clients the clients with the highest cost, at most 10
 * @param models the models with the highest cost, at most 10
 * @param classes the sums of each class of requests for each of {@code clients}, and for all others together, without a client
 * @param sessions the sessions with the highest cost, at most 10
 */
public record LedgerReport(
        Optional<Counts> counts,
        Optional<List<UsageSlot>> usage,
        Optional<List<Share>> clients,
        Optional<List<Share>> models,
        Optional<List<Share>> classes,
        Optional<List<Share>> sessions) {
    public static final LedgerReport UNREADABLE = new LedgerReport(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public LedgerReport {
        usage = usage.map(List::copyOf);
        clients = clients.map(List::copyOf);
        models = models.map(List::copyOf);
        classes = classes.map(List::copyOf);
        sessions = sessions.map(List::copyOf);
    }

    /**
     * Counts and durations of requests. Immutable.
     *
     * @param requests the slots that have requests, in ascending order
     * @param firstByte the time to the first byte, of the whole period
     * @param added the added latency, of the whole period
     */
    public record Counts(List<Requests> requests, Times firstByte, Times added) {
        public Counts {
            requests = List.copyOf(requests);
        }
    }

    /**
     * The requests that ended in a slot.
     *
     * @param starts the beginning of the slot
     * @param all their number
     * @param refused how many of them Warder refused
     * @param failed how many of them failed in another way; clients that left do not count
     * @param firstByte the time to the first byte
     * @param added the added latency
     */
    public record Requests(Instant starts, long all, long refused, long failed, Times firstByte, Times added) {}

    /**
     * How long something took: upper bounds of the durations that 50, 95 and 99 % do not exceed.
     *
     * @param count how many durations there are; if none, the others are zero
     */
    public record Times(long count, Duration p50, Duration p95, Duration p99) {
        public static Times of(Histogram histogram) {
            return new Times(
                    histogram.total(), histogram.quantile(0.5), histogram.quantile(0.95), histogram.quantile(0.99));
        }
    }

    /**
     * Consumption in a slot.
     *
     * @param starts the beginning of the slot
     */
    public record UsageSlot(Instant starts, Usage sums) {}

    /**
     * Sums of rows.
     *
     * @param rows the number of rows
     * @param input tokens of prompts that were neither written to the cache nor read from it
     * @param write5m tokens that were written to the cache for five minutes
     * @param write1h tokens that were written to the cache for an hour
     * @param read tokens that were read from the cache
     * @param output tokens of responses, thinking included
     * @param billedNanos the cost that the operator pays, in nano-dollars
     * @param ownNanos the list price of what clients' own credentials pay, in nano-dollars
     */
    public record Usage(
            long rows,
            long input,
            long write5m,
            long write1h,
            long read,
            long output,
            long billedNanos,
            long ownNanos) {
        public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0, 0);

        public Usage plus(Usage other) {
            return new Usage(
                    rows + other.rows,
                    input + other.input,
                    write5m + other.write5m,
                    write1h + other.write1h,
                    read + other.read,
                    output + other.output,
                    billedNanos + other.billedNanos,
                    ownNanos + other.ownNanos);
        }

        public long prompt() {
            return input + write5m + write1h + read;
        }

        public long tokens() {
            return prompt() + output;
        }

        /** The whole cost, in nano-dollars. */
        public long nanos() {
            return billedNanos + ownNanos;
        }
    }

    /**
     * The sums of one client, model, class or session.
     *
     * @param name empty if the rows have none
     * @param client the client of a class or session; empty for the others
     * @param last when the last of the rows ended
     */
    public record Share(Optional<String> name, Optional<String> client, Instant last, Usage sums) {}

    /**
     * The time of a {@link LedgerReport}. Immutable.
     *
     * @param from the beginning of the first slot
     * @param to the end of the last slot, later than {@code from}
     * @param slot the length of a slot: whole minutes, or whole hours
     * @param allNodes whether the other nodes with the same database count too
     */
    public record LedgerPeriod(Instant from, Instant to, Duration slot, boolean allNodes) {
        static final int MOST_SLOTS = 200;

        /** Refuses a period without slots, or with more than 200. */
        public LedgerPeriod {
            long slots = slot.isZero() || slot.isNegative()
                    ? 0
                    : Duration.between(from, to).dividedBy(slot);
            if (slots < 1 || slots > MOST_SLOTS) {
                throw new IllegalArgumentException("a period must have 1 to " + MOST_SLOTS + " slots");
            }
        }

        public Rollup.Step step() {
            return slot.compareTo(Duration.ofHours(1)) < 0 ? Rollup.Step.MINUTE : Rollup.Step.HOUR;
        }

        /** The slots of all times are multiples of their length since 1970: those with this number begin then. */
        public Instant starts(long number) {
            return Instant.ofEpochSecond(number * slot.toSeconds());
        }

        public Instant slotOf(Instant time) {
            return starts(Math.floorDiv(time.getEpochSecond(), slot.toSeconds()));
        }
    }
}
