package dev.warder.quota.rate;

import dev.warder.quota.rate.NodeLimits.Taken;
import java.util.List;

/** A request's part of its limits, taken or to be taken at its admission. Not thread-safe: {@link NodeLimits} has the lock. */
final class RateHold {
    private final List<Taken> all;
    private boolean ended;

    RateHold(List<Taken> all) {
        this.all = all;
    }

    List<Taken> all() {
        return all;
    }

    boolean hasTokens() {
        for (var taken : all) {
            if (taken.need.key().kind().isOfTokens()) {
                return true;
            }
        }
        return false;
    }

    boolean hasEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }
}
