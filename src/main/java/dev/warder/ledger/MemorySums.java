package dev.warder.ledger;

import dev.warder.ledger.store.Column;
import dev.warder.ledger.store.LedgerPeriod;
import dev.warder.ledger.store.LedgerReport.Share;
import dev.warder.ledger.store.LedgerReport.Usage;
import dev.warder.ledger.store.LedgerReport.UsageSlot;
import dev.warder.ledger.store.LedgerStore;
import dev.warder.ledger.store.LedgerStore.Line;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Adds lines that are in memory. One thread at a time. */
final class MemorySums {
    private static final Comparator<Share> DEAREST_FIRST = Comparator.<Share>comparingLong(
                    share -> share.sums().nanos())
            .thenComparingLong(share -> share.sums().rows())
            .reversed()
            .thenComparing(share -> share.name().orElse(""));

    private final LedgerPeriod period;
    private final Map<Instant, Usage> slots = new TreeMap<>();
    private final Map<Name, Share> clients = new HashMap<>();
    private final Map<Name, Share> models = new HashMap<>();
    private final Map<Name, Share> sessions = new HashMap<>();

    /** Two clients may use one name of a session. */
    private record Name(Optional<String> name, Optional<String> client) {}

    MemorySums(LedgerPeriod period) {
        this.period = period;
    }

    void add(Line line) {
        var ended = (Instant) Objects.requireNonNull(line.get(Column.ENDED_AT));
        var usage = usage(line);
        slots.merge(period.slotOf(ended), usage, Usage::plus);
        var client = text(line, Column.CLIENT);
        add(clients, new Share(client, Optional.empty(), ended, usage));
        var answered = text(line, Column.MODEL_ANSWERED);
        if (answered.isPresent() || usage.nanos() > 0) {
            add(models, new Share(answered, Optional.empty(), ended, usage));
        }
        var session = text(line, Column.SESSION_ID);
        if (session.isPresent() && usage.nanos() > 0) {
            add(sessions, new Share(session, client, ended, usage));
        }
    }

    List<UsageSlot> usage() {
        return slots.entrySet().stream()
                .map(each -> new UsageSlot(each.getKey(), each.getValue()))
                .toList();
    }

    List<Share> shares(LedgerStore.Shared by) {
        return dearest(
                switch (by) {
                    case CLIENT -> clients;
                    case MODEL -> models;
                    case SESSION -> sessions;
                });
    }

    private static void add(Map<Name, Share> shares, Share more) {
        shares.merge(
                new Name(more.name(), more.client()),
                more,
                (one, other) -> new Share(
                        one.name(),
                        one.client(),
                        one.last().isAfter(other.last()) ? one.last() : other.last(),
                        one.sums().plus(other.sums())));
    }

    private static List<Share> dearest(Map<Name, Share> shares) {
        return shares.values().stream()
                .sorted(DEAREST_FIRST)
                .limit(LedgerStore.MOST_SHARES)
                .toList();
    }

    private static Usage usage(Line line) {
        long nanos = number(line, Column.COST_NANOS);
        boolean billed = Boolean.TRUE.equals(line.get(Column.BILLED));
        return new Usage(
                1,
                number(line, Column.INPUT_TOKENS),
                number(line, Column.WRITE_5M_TOKENS),
                number(line, Column.WRITE_1H_TOKENS),
                number(line, Column.READ_TOKENS),
                number(line, Column.OUTPUT_TOKENS),
                billed ? nanos : 0,
                billed ? 0 : nanos);
    }

    private static Optional<String> text(Line line, Column column) {
        return Optional.ofNullable((String) line.get(column));
    }

    private static long number(Line line, Column column) {
        @Nullable Object value = line.get(column);
        return value == null ? 0 : (Long) value;
    }
}
