package dev.warder.quota;

import dev.warder.quota.NodeLimits.Taken;
import java.util.List;

/** A request's part of its limits, taken or to be taken at its admission. Not thread-safe: {@link NodeLimits} has the lock. */
final class RateHold {
    final List<Taken> all;
    boolean ended;

    RateHold(List<Taken> all) {
        this.all = all;
    }

    boolean hasTokens() {
        for (var taken : all) {
            if (taken.need.key().kind().isOfTokens()) {
                return true;
            }
        }
        return false;
    }
}
