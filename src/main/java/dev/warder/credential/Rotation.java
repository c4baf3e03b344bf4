package dev.warder.credential;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses members in proportion to their weights, evenly spread. Each member gains its weight at each turn; the member
 * that has gained most is chosen and pays the sum of all weights. The order is not random, so that a test can predict
 * the next member. Thread-safe.
 */
final class Rotation {
    @GuardedBy("this")
    private final Map<Member, Long> gained = new HashMap<>();

    /** The next of these members, at least one; all other members neither gain nor pay. */
    synchronized Member next(List<Member> usable) {
        var best = usable.get(0);
        long all = 0;
        for (var each : usable) {
            gained.merge(each, (long) each.weight(), Long::sum);
            all += each.weight();
            best = gained(each) > gained(best) ? each : best;
        }
        gained.merge(best, -all, Long::sum);
        return best;
    }

    @GuardedBy("this")
    private long gained(Member member) {
        return gained.getOrDefault(member, 0L);
    }
}
