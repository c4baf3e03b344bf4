package dev.warder.ledger.journal;

import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.Held;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.KilledRuns;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.ledger.store.RecordCodec;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What earlier runs have left in a journal, as far as it has been read: open intents, and what these hold. One thread at a
 * time.
 */
final class EarlierRuns {
    private final Map<UUID, Intent> open = new LinkedHashMap<>();
    private final Set<UUID> runs = new HashSet<>();

    /** A record of an earlier run. */
    void read(RecordCodec.Decoded record) {
        record.intent().ifPresent(this::begin);
        record.heldInstead()
                .ifPresent(held -> open.computeIfPresent(held.intent(), (id, intent) -> intent.holding(held.nanos())));
        record.settled().ifPresent(this::end);
    }

    private void begin(Intent intent) {
        open.put(intent.id(), intent);
        intent.held().map(Held::charged).map(Charged::run).ifPresent(runs::add);
    }

    private void end(Intent.Settled settled) {
        settled.intent().ifPresent(open::remove);
        settled.charged().map(Charged::run).ifPresent(runs::add);
    }

    /** Whether nothing is known. */
    boolean isEmpty() {
        return open.isEmpty() && runs.isEmpty();
    }

    /** The rows of the open intents. */
    List<Intent.Settled> unknown(Instant now) {
        return open.values().stream()
                .map(intent -> intent.unknown(now).withoutIntent())
                .toList();
    }

    /** What the open intents hold. */
    KilledRuns killed() {
        Map<UUID, Map<PeriodKey, Long>> sums = new HashMap<>();
        runs.forEach(run -> sums.put(run, new HashMap<>()));
        open.values().stream().flatMap(intent -> intent.held().stream()).forEach(held -> {
            var sum = sums.computeIfAbsent(held.charged().run(), run -> new HashMap<>());
            held.charged().periods().forEach(period -> sum.merge(period, held.nanos(), Math::addExact));
        });
        return new KilledRuns(sums);
    }

    /** All of it is stored. */
    void clear() {
        open.clear();
        runs.clear();
    }
}
