package dev.warder.whatif;

/**
 * What a budget would have refused to one client or team, or to all of them. Immutable.
 *
 * @param name of the client or team; empty for all clients together
 * @param spent in nano-dollars
 * @param refused the part of it in nano-dollars that the budget would have refused
 * @param requests for which the operator pays
 * @param refusedRequests about how many of them the budget would have refused
 * @param windows of the period, with requests
 * @param reached how many of them would have reached the amount
 */
public record TrialOwner(
        String name, long spent, long refused, long requests, long refusedRequests, int windows, int reached) {
    /** The sums of two. */
    TrialOwner plus(TrialOwner other) {
        return new TrialOwner(
                name,
                spent + other.spent,
                refused + other.refused,
                requests + other.requests,
                refusedRequests + other.refusedRequests,
                windows + other.windows,
                reached + other.reached);
    }
}
