package dev.warder.whatif;

import dev.warder.policy.PeriodWindow;
import java.time.Instant;

/**
 * A window of the period that would have reached the amount. Immutable.
 *
 * @param at the hour in which it would have been reached
 * @param spent in nano-dollars
 * @param refused the part of it in nano-dollars that the budget would have refused
 * @param refusedRequests about how many requests that is
 */
public record ReachedWindow(PeriodWindow window, Instant at, long spent, long refused, long refusedRequests) {}
