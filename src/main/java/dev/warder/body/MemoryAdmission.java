package dev.warder.body;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which body gets memory next: the rules of {@link MemoryBudget}, whose lock guards it.
 * <ul>
 *   <li>In each size class the oldest body is first. Younger ones pass it only if it waits for nothing but its client's share.
 *   <li>Large bodies leave a sixteenth of the budget to small ones. Small bodies may use more while no large one waits.
 *   <li>The bodies of one client hold no more than its share. One of them, the oldest, may exceed the share, up to its own
 *       limit, so that bodies of one client do not wait for each other. While it does, no other body of that client may.
 *   <li>If the oldest body of a class finds no memory, it overdraws the budget, unless another body of the class does. It may
 *       grow up to its own limit, regardless of its client's share.
 *   <li>Bytes in transit are in memory already, and count at once. They must give way, down to a sixteenth of the budget, where
 *       they and the bodies need more than the budget, or a body waits that they alone block; and where they are more than their
 *       client's share, or block a body of that client.
 *   <li>Then the slowest exchange gives way of the client that holds most in transit, if it has not moved for a while; or in any
 *       case while all bytes in transit need more than the budget, or those of the client more than its share.
 * </ul>
 * One thread at a time.
 */
final class MemoryAdmission {
    static final long SMALL = 256 * 1024;

    private static final int SHARE_OF_SMALL = 16;

    /** Bytes in transit give way if they have not moved for this time, in nanoseconds: the other side may only have paused. */
    static final long GRACE = Duration.ofSeconds(2).toNanos();

    private static final Comparator<MemoryBudget.Claim> BY_AGE = Comparator.comparingLong(claim -> claim.number);

    private static final class SizeClass {
        final TreeSet<MemoryBudget.Claim> waiting = new TreeSet<>(BY_AGE);
        long used;
        MemoryBudget.@Nullable Claim overdrawer;
    }

    private static final class Holder {
        final TreeSet<MemoryBudget.Claim> claims = new TreeSet<>(BY_AGE);

        long held;
        MemoryBudget.@Nullable Claim exceeder;
    }

    private final long total;
    private final long forSmall;
    private final SizeClass small = new SizeClass();
    private final SizeClass large = new SizeClass();
    private final Map<String, Holder> clients = new HashMap<>();
    private final TransitMemory transit = new TransitMemory();

    /** The claims that hold memory, in the order in which they got their first. */
    private final Set<MemoryBudget.Claim> holding = new LinkedHashSet<>();

    private long holders;

    MemoryAdmission(long total) {
        this.total = total;
        this.forSmall = total / SHARE_OF_SMALL;
    }

    /** Queues a claim until it may hold {@code wanted} bytes. */
    void add(MemoryBudget.Claim claim, long wanted) {
        change(claim, claim.held, wanted);
        claim.holdersBefore = holders;
        sizeClass(claim).waiting.add(claim);
    }

    boolean waitsForShare(MemoryBudget.Claim claim) {
        return !isWithinShare(claim);
    }

    OptionalLong sinceMove(MemoryBudget.Claim claim, long now) {
        boolean ofClient = waitsForShare(claim);
        return holding.stream()
                .takeWhile(other -> other.holder <= claim.holdersBefore)
                .filter(other -> other != claim)
                .filter(other -> !ofClient || other.share.client().equals(claim.share.client()))
                .flatMapToLong(other -> other.sinceOwnMove(now))
                .min();
    }

    MemoryBudget.@Nullable Claim grantNext() {
        MemoryBudget.Claim next = next(small);
        next = next == null ? next(large) : next;
        if (next != null) {
            sizeClass(next).waiting.remove(next);
            change(next, next.wanted, 0);
        }
        return next;
    }

    /** Reduces a claim to {@code bytes}. */
    void shrink(MemoryBudget.Claim claim, long bytes) {
        boolean waits = sizeClass(claim).waiting.remove(claim);
        change(claim, bytes, claim.wanted);
        if (waits) {
            sizeClass(claim).waiting.add(claim);
        }
        settle();
    }

    void end(MemoryBudget.Claim claim) {
        sizeClass(claim).waiting.remove(claim);
        forget(small, claim);
        forget(large, claim);
        change(claim, 0, 0);
        settle();
    }

    /** Changes what an exchange holds in transit, and when it moved last. */
    void hold(MemoryBudget.Transit exchange, long bytes, long moved) {
        transit.hold(exchange, bytes, moved);
        settle();
    }

    /** Takes out the exchanges that must give way. */
    List<MemoryBudget.Transit> breakOff(long now) {
        var slowest = new ArrayList<MemoryBudget.Transit>();
        for (TransitMemory.Holder client : List.copyOf(transit.clients())) {
            while (blocksClient(client)) {
                var next = transit.slowest(client, now, client.held > client.share.most() ? 0 : GRACE);
                if (next == null) {
                    break;
                }
                slowest.add(next);
                hold(next, 0, now);
            }
        }
        while (transit.held() > 0) {
            boolean all = transit.held() > total;
            var next = all || blocksOthers() ? transit.slowest(now, all ? 0 : GRACE) : null;
            if (next == null) {
                break;
            }
            slowest.add(next);
            hold(next, 0, now);
        }
        return slowest;
    }

    private boolean blocksClient(TransitMemory.Holder client) {
        if (client.held > client.share.most()) {
            return true;
        }
        var bodies = clients.get(client.share.client());
        return Stream.of(small, large)
                .flatMap(sizeClass -> sizeClass.waiting.stream())
                .filter(body -> body.share.client().equals(client.share.client()) && !isWithinShare(body))
                .anyMatch(body -> (bodies == null ? 0 : bodies.held) - body.held + body.wanted <= client.share.most());
    }

    private boolean blocksOthers() {
        if (transit.held() <= forSmall) {
            return false;
        }
        return used() > total || isBlocked(small) || isBlocked(large);
    }

    /** Whether the oldest body that waits would find memory if there were no bytes in transit. */
    private boolean isBlocked(SizeClass sizeClass) {
        MemoryBudget.Claim oldest = oldest(sizeClass);
        long bodies = small.used + large.used;
        long room = sizeClass == small ? total - bodies : Math.min(total - bodies, total - forSmall - large.used);
        return oldest != null && oldest.wanted - oldest.held <= room;
    }

    long used() {
        return small.used + large.used + transit.held();
    }

    int waiting() {
        return small.waiting.size() + large.waiting.size();
    }

    private MemoryBudget.@Nullable Claim next(SizeClass sizeClass) {
        MemoryBudget.Claim overdrawer = sizeClass.overdrawer;
        if (overdrawer != null && sizeClass.waiting.contains(overdrawer)) {
            return overdrawer;
        }
        MemoryBudget.Claim oldest = oldest(sizeClass);
        if (oldest == null || fits(sizeClass, oldest.wanted - oldest.held)) {
            return oldest;
        }
        if (overdrawer != null) {
            return null;
        }
        sizeClass.overdrawer = oldest;
        return oldest;
    }

    private MemoryBudget.@Nullable Claim oldest(SizeClass sizeClass) {
        if (sizeClass.waiting.isEmpty()) {
            return null;
        }
        for (MemoryBudget.Claim claim : sizeClass.waiting) {
            if (isWithinShare(claim)) {
                return claim;
            }
        }
        return null;
    }

    private boolean isWithinShare(MemoryBudget.Claim claim) {
        Holder client = clients.get(claim.share.client());
        long others = transit.held(claim.share.client()) - claim.held;
        if (client == null || client.held + others + claim.wanted <= claim.share.most()) {
            return true;
        }
        return client.exceeder == null ? client.claims.headSet(claim).isEmpty() : client.exceeder == claim;
    }

    private boolean fits(SizeClass sizeClass, long more) {
        boolean free = more <= total - used();
        if (sizeClass == large) {
            return free && large.used + transit.held() + more <= total - forSmall;
        }
        return small.used + more <= forSmall || free && oldest(large) == null;
    }

    private void settle() {
        boolean covered = used() <= total;
        if (covered || small.used <= forSmall) {
            small.overdrawer = null;
        }
        if (covered && large.used + transit.held() <= total - forSmall) {
            large.overdrawer = null;
        }
    }

    /** Changes what a claim holds and wants, and moves its bytes to the size class that it belongs to after that. */
    private void change(MemoryBudget.Claim claim, long held, long wanted) {
        SizeClass before = sizeClass(claim);
        before.used -= claim.held;
        if (claim.share.most() != Long.MAX_VALUE) {
            count(claim, held);
        }
        claim.held = held;
        claim.wanted = wanted;
        if (held == 0) {
            holding.remove(claim);
        } else if (holding.add(claim)) {
            claim.holder = ++holders;
        }
        SizeClass after = sizeClass(claim);
        after.used += held;
        if (before != after) {
            forget(before, claim);
        }
    }

    private void count(MemoryBudget.Claim claim, long held) {
        Holder client = clients.computeIfAbsent(claim.share.client(), name -> new Holder());
        client.held += held - claim.held;
        if (held > 0) {
            client.claims.add(claim);
        } else {
            client.claims.remove(claim);
        }
        boolean exceeds = client.held > claim.share.most();
        if (!exceeds || client.exceeder == claim && held == 0) {
            client.exceeder = null;
        } else if (client.exceeder == null && held > claim.held) {
            client.exceeder = claim;
        }
        if (client.claims.isEmpty()) {
            clients.remove(claim.share.client());
        }
    }

    private static void forget(SizeClass sizeClass, MemoryBudget.Claim claim) {
        if (sizeClass.overdrawer == claim) {
            sizeClass.overdrawer = null;
        }
    }

    private SizeClass sizeClass(MemoryBudget.Claim claim) {
        return claim.declaredSmall && Math.max(claim.held, claim.wanted) <= SMALL ? small : large;
    }
}
