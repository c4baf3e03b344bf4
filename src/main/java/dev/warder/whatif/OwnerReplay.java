package dev.warder.whatif;

import dev.warder.policy.PeriodWindow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds what one owner has spent, in the order of time. In each window requests are granted until the amount is spent. In the hour
 * in which that happens, requests are refused in the same proportion as cost. One thread at a time.
 */
final class OwnerReplay {
    private final Trial trial;
    private final boolean keepsWindows;
    private final List<ReachedWindow> reached = new ArrayList<>();

    /** The sums of the windows that are over. */
    private TrialOwner closed;

    @Nullable
    private PeriodWindow window;

    /** The sums of the window, without those of its last hour. */
    private TrialOwner sums;

    @Nullable
    private Instant reachedAt;

    private Instant hour = Instant.MIN;
    private long hourNanos;
    private long hourRequests;

    /** @param keepsWindows whether the windows that reach the amount are kept */
    OwnerReplay(String name, Trial trial, boolean keepsWindows) {
        this.trial = trial;
        this.keepsWindows = keepsWindows;
        this.closed = new TrialOwner(name, 0, 0, 0, 0, 0, 0);
        this.sums = closed;
    }

    /**
     * Adds what was spent in an hour, or a part of it.
     *
     * @param starts the beginning of the hour, not before the one that was added last
     * @param requests how many requests that were
     * @param nanos more than 0
     */
    void add(Instant starts, long requests, long nanos) {
        if (!starts.equals(hour)) {
            closeHour();
            hour = starts;
        }
        if (window == null || !window.contains(starts)) {
            closeWindow();
            window = trial.period().windowAt(starts, trial.zone());
        }
        hourNanos += nanos;
        hourRequests += requests;
    }

    /** The sums of all windows. */
    TrialOwner total() {
        closeWindow();
        return closed;
    }

    /** The windows that would have reached the amount, if they are kept. */
    List<ReachedWindow> reached() {
        closeWindow();
        return reached;
    }

    private void closeHour() {
        long granted = Math.min(hourNanos, trial.nanos() - (sums.spent() - sums.refused()));
        long refused = hourNanos - granted;
        if (refused > 0 && reachedAt == null) {
            reachedAt = hour;
        }
        long refusedRequests = refused == 0 ? 0 : (long) Math.ceil((double) hourRequests * refused / hourNanos);
        sums = sums.plus(new TrialOwner("", hourNanos, refused, hourRequests, refusedRequests, 0, 0));
        hourNanos = 0;
        hourRequests = 0;
    }

    private void closeWindow() {
        closeHour();
        if (window == null) {
            return;
        }
        closed = closed.plus(sums).plus(new TrialOwner("", 0, 0, 0, 0, 1, reachedAt == null ? 0 : 1));
        if (keepsWindows && reachedAt != null) {
            reached.add(new ReachedWindow(window, reachedAt, sums.spent(), sums.refused(), sums.refusedRequests()));
        }
        window = null;
        reachedAt = null;
        sums = new TrialOwner("", 0, 0, 0, 0, 0, 0);
    }
}
