package dev.warder.admin.page;

import dev.warder.http.Form;
import dev.warder.ledger.store.LedgerReport.LedgerPeriod;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A caller's choice of what to see. Immutable.
 *
 * @param range how far back
 * @param allNodes whether the other nodes with the same database are shown too
 */
public record View(Range range, boolean allNodes) {
    private static final String ALL = "all";
    private static final String THIS = "this";

    /**
     * Reads {@code range} (hour, day, week or month; hour if it is absent) and {@code nodes} (this or all; all if it is
     * absent). Empty when a value is not one of these.
     */
    public static Optional<View> of(Form query) {
        String word = query.value("range");
        String nodes = query.value("nodes");
        boolean known = nodes.isEmpty() || nodes.equals(ALL) || nodes.equals(THIS);
        return Range.named(word.isEmpty() ? Range.HOUR.word() : word)
                .filter(range -> known)
                .map(range -> new View(range, !nodes.equals(THIS)));
    }

    /** The query that asks for it: words that are safe in any attribute. */
    public String query() {
        return "range=" + range.word() + "&nodes=" + (allNodes ? ALL : THIS);
    }

    /** How far back the page looks, up to now. All times are UTC. */
    public enum Range {
        HOUR("Hour", Duration.ofMinutes(1), 60, Duration.ofSeconds(2), "HH:mm"),
        DAY("Day", Duration.ofMinutes(30), 48, Duration.ofSeconds(10), "HH:mm"),
        WEEK("Week", Duration.ofHours(3), 56, Duration.ofSeconds(30), "d MMM"),
        MONTH("Month", Duration.ofDays(1), 30, Duration.ofMinutes(1), "d MMM");

        public final String title;
        private final Duration slot;
        private final int slots;
        final Duration fresh;
        private final DateTimeFormatter label;

        Range(String title, Duration slot, int slots, Duration fresh, String label) {
            this.title = title;
            this.slot = slot;
            this.slots = slots;
            this.fresh = fresh;
            this.label = DateTimeFormatter.ofPattern(label, Locale.ENGLISH).withZone(ZoneOffset.UTC);
        }

        static Optional<Range> named(String word) {
            return Arrays.stream(values())
                    .filter(range -> range.word().equals(word))
                    .findFirst();
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        LedgerPeriod until(Instant now, boolean allNodes) {
            long length = slot.toSeconds();
            var to = Instant.ofEpochSecond((Math.floorDiv(now.getEpochSecond(), length) + 1) * length);
            return new LedgerPeriod(to.minus(slot.multipliedBy(slots)), to, slot, allNodes);
        }

        List<Instant> starts(LedgerPeriod period) {
            var starts = new ArrayList<Instant>();
            for (int i = 0; i < slots; i++) {
                starts.add(period.from().plus(slot.multipliedBy(i)));
            }
            return starts;
        }

        String label(Instant time) {
            return label.format(time);
        }
    }
}
