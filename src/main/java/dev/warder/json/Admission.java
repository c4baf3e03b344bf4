package dev.warder.json;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who gets memory next: the rule of {@link MemoryBudget}, which guards it. One thread at a time. */
final class Admission {
    private static final long SMALL = 256 * 1024;
    private static final int SHARE_OF_SMALL = 16;

    private final long total;
    private final Set<MemoryBudget.Permit> small = new LinkedHashSet<>();
    private final Set<MemoryBudget.Permit> large = new LinkedHashSet<>();
    private final Set<MemoryBudget.Permit> granted = new HashSet<>();
    private long usedBySmall;
    private long usedByLarge;
    /** Bytes that small requests took while only they kept out the large one at the front. */
    private long overtaken;

    Admission(long total) {
        this.total = total;
    }

    void add(MemoryBudget.Permit permit) {
        queue(permit).add(permit);
    }

    /** Grants the permit whose turn it is, if there is room for it. */
    MemoryBudget.@Nullable Permit grantNext() {
        MemoryBudget.Permit next = next();
        if (next != null) {
            overtaken += isSmall(next) && isKeptOutBySmall(first(large)) ? next.bytes() : 0;
            leave(next);
            granted.add(next);
            use(next, next.bytes());
        }
        return next;
    }

    /** Ends a permit, granted or waiting; {@code false} when that was done before. */
    boolean end(MemoryBudget.Permit permit) {
        if (granted.remove(permit)) {
            use(permit, -permit.bytes());
            return true;
        }
        return leave(permit);
    }

    /** Leaves a permit that was granted {@code bytes}; {@code false} when it has not more, or was not granted. */
    boolean shrink(MemoryBudget.Permit permit, long bytes) {
        if (!granted.contains(permit) || permit.bytes() <= bytes) {
            return false;
        }
        use(permit, -permit.bytes());
        permit.shrinkTo(bytes);
        use(permit, bytes);
        return true;
    }

    boolean isGranted(MemoryBudget.Permit permit) {
        return granted.contains(permit);
    }

    long used() {
        return usedBySmall + usedByLarge;
    }

    int waiting() {
        return small.size() + large.size();
    }

    private MemoryBudget.@Nullable Permit next() {
        MemoryBudget.Permit firstSmall = first(small);
        MemoryBudget.Permit firstLarge = first(large);
        boolean largeMayFit = firstLarge != null && fitsAmongLarge(firstLarge);
        boolean largeIsDue = largeMayFit && overtaken >= total;
        if (firstSmall != null && fits(firstSmall) && !largeIsDue) {
            return firstSmall;
        }
        return firstLarge != null && largeMayFit && fits(firstLarge) ? firstLarge : null;
    }

    private static MemoryBudget.@Nullable Permit first(Set<MemoryBudget.Permit> queue) {
        return queue.isEmpty() ? null : queue.iterator().next();
    }

    private boolean fits(MemoryBudget.Permit permit) {
        return permit.bytes() <= total - used();
    }

    private boolean fitsAmongLarge(MemoryBudget.Permit permit) {
        return usedByLarge == 0 || permit.bytes() <= total - total / SHARE_OF_SMALL - usedByLarge;
    }

    private boolean isKeptOutBySmall(MemoryBudget.@Nullable Permit permit) {
        return permit != null && fitsAmongLarge(permit) && !fits(permit);
    }

    private boolean leave(MemoryBudget.Permit permit) {
        if (permit == first(large)) {
            overtaken = 0;
        }
        return queue(permit).remove(permit);
    }

    private void use(MemoryBudget.Permit permit, long change) {
        if (isSmall(permit)) {
            usedBySmall += change;
        } else {
            usedByLarge += change;
        }
    }

    private Set<MemoryBudget.Permit> queue(MemoryBudget.Permit permit) {
        return isSmall(permit) ? small : large;
    }

    private static boolean isSmall(MemoryBudget.Permit permit) {
        return permit.bytes() <= SMALL;
    }
}
