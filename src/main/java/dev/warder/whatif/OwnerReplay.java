package dev.warder.whatif;

import dev.warder.policy.PeriodWindow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds the sums of hours of one owner, in the order of time. In each window requests are granted until the amount is spent. Of
 * the hour in which that happens, the part above the amount is refused, and as large a part of its requests. One thread at a
 * time.
 */
final class OwnerReplay {
    private final String name;
    private final Trial trial;
    private final boolean keepsWindows;
    private final List<ReachedWindow> reached = new ArrayList<>();
    private TrialOwner closed;

    @Nullable
    private PeriodWindow window;

    @Nullable
    private Instant reachedAt;

    private long spent;
    private long requests;
    private long refused;
    private long refusedRequests;

    /** @param keepsWindows whether the windows that reach the amount are kept */
    OwnerReplay(String name, Trial trial, boolean keepsWindows) {
        this.name = name;
        this.trial = trial;
        this.keepsWindows = keepsWindows;
        this.closed = new TrialOwner(name, 0, 0, 0, 0, 0, 0);
    }

    /**
     * Adds what was spent in an hour, or a part of it.
     *
     * @param starts not before the hour that was added last
     * @param nanos more than 0
     */
    void add(Instant starts, long more, long nanos) {
        if (window == null || !window.contains(starts)) {
            close();
            window = trial.period().windowAt(starts, trial.zone());
        }
        long fits = Math.min(nanos, trial.nanos() - (spent - refused));
        spent += nanos;
        requests += more;
        if (fits < nanos) {
            if (reachedAt == null) {
                reachedAt = starts;
            }
            refused += nanos - fits;
            refusedRequests += Math.min(more, (long) Math.ceil((double) more * (nanos - fits) / nanos));
        }
    }

    /** What became of all windows. */
    TrialOwner total() {
        close();
        return closed;
    }

    /** The windows that would have reached the amount, if they are kept. */
    List<ReachedWindow> reached() {
        close();
        return reached;
    }

    private void close() {
        if (window == null) {
            return;
        }
        closed = closed.plus(
                new TrialOwner(name, spent, refused, requests, refusedRequests, 1, reachedAt == null ? 0 : 1));
        if (keepsWindows && reachedAt != null) {
            reached.add(new ReachedWindow(window, reachedAt, spent, refused, refusedRequests));
        }
        window = null;
        reachedAt = null;
        spent = 0;
        requests = 0;
        refused = 0;
        refusedRequests = 0;
    }
}
