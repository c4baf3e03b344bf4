package dev.warder.whatif;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a budget would have done. Immutable.
 *
 * @param since from when on the ledger has hours, if it does not go back to the first window
 * @param upTo until when the ledger was read, if the last window is not over
 * @param all the sums of all owners
 * @param owners those with requests, the one with the most refused first
 * @param windows those that would have reached the amount, in the order of time; empty where several owners have it
 */
public record TrialResult(
        Trial trial,
        Optional<Instant> since,
        Optional<Instant> upTo,
        TrialOwner all,
        List<TrialOwner> owners,
        List<ReachedWindow> windows) {
    /** Copies the lists. */
    public TrialResult {
        owners = List.copyOf(owners);
        windows = List.copyOf(windows);
    }

    /** How many owners would have reached the amount. */
    public long affected() {
        return owners.stream().filter(each -> each.reached() > 0).count();
    }
}
