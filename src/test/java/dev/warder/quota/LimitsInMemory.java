package dev.warder.quota;

import dev.warder.quota.DatabaseLimits.StoredBucket;
import dev.warder.quota.LimitStore.Exchanged;
import dev.warder.quota.LimitStore.Refill;
import dev.warder.quota.LimitStore.RefillRequest;
import dev.warder.quota.LimitStore.SlotRequest;
import dev.warder.quota.LimitStore.SlotState;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The limits of several nodes, none of which dies, without a database, by a clock of the test. */
public final class LimitsInMemory implements LimitStore {
    private final Map<String, StoredBucket> buckets = new HashMap<>();
    private final Map<String, Map<UUID, Long>> slots = new HashMap<>();
    private final Set<UUID> living = new HashSet<>();
    private final InstantSource clock;

    public LimitsInMemory(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Exchanged exchange(UUID run, List<RefillRequest> refills, List<SlotRequest> slots) {
        return new Exchanged(
                refills.stream().map(this::refill).toList(),
                slots.stream().map(request -> slots(run, request)).toList());
    }

    private Refill refill(RefillRequest request) {
        var now = clock.instant();
        var bucket = buckets.getOrDefault(request.limit(), StoredBucket.full(request.size(), now));
        var refill = bucket.refill(request, now);
        buckets.put(request.limit(), bucket.after(refill, now));
        return refill;
    }

    private SlotState slots(UUID run, SlotRequest request) {
        var all = slots.computeIfAbsent(request.limit(), key -> new HashMap<>());
        all.remove(run);
        long elsewhere = all.values().stream().mapToLong(each -> each).sum();
        long granted = Math.max(request.used(), Math.min(request.wanted(), request.size() - elsewhere));
        all.put(run, granted);
        return new SlotState(request.limit(), granted, elsewhere);
    }

    @Override
    public int beat(UUID run) {
        living.add(run);
        return living.size();
    }

    @Override
    public void end(UUID run) {
        living.remove(run);
        slots.values().forEach(each -> each.remove(run));
    }
}
