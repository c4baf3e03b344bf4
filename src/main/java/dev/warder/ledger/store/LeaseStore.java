package dev.warder.ledger.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Reservations of nodes in shared budgets. A run is one start of the application on a node, with a random id. All amounts
 * are nano-dollars. Calls wait for a database. Thread-safe.
 */
public interface LeaseStore {
    /**
     * Reports what a run needs of some periods, takes it or gives back what it does not need, and reads their state. It may
     * be repeated: the amounts are absolute.
     *
     * <p>A run that wants less than it was granted must not use the rest from the moment of this call, even if the call
     * fails: the
     * response to a COMMIT may be lost. What a run has spent since its start stays part of its amounts until it ends.
     *
     * @param requests at most one for each period
     * @return a state for each request, in the same order
     * @throws FencedException when the leases of the run were taken from it; nothing was changed
     * @throws SQLException when the database fails; it may have reserved that
     */
    List<LeaseState> reserve(UUID run, List<LeaseRequest> requests) throws SQLException, FencedException;

    /**
     * Notes that a run lives.
     *
     * @param node the name of its node, at most 64 characters
     */
    void beat(UUID run, String node) throws SQLException;

    /**
     * The number of beats of each run that has not ended; 0 for a run with live leases that has had no beat. A run whose
     * number stays the same no longer lives.
     */
    Map<UUID, Long> beats() throws SQLException;

    LiveNodes liveNodes() throws SQLException;

    /**
     * Takes all live leases from a run that no longer lives. What it had reserved and not spent counts as unknown from now
     * on, until rows of the run are stored.
     *
     * @return how many leases it had
     */
    int reap(UUID run) throws SQLException;

    List<UUID> runsOf(String node) throws SQLException;

    /**
     * Gives back all that a run has reserved and not spent, since it ends. Rows that are stored later are still charged.
     * Does nothing for leases that were taken from it.
     */
    void end(UUID run) throws SQLException;

    /**
     * Notes that a share of a budget is used, and decides which node reports it. True for one caller of all nodes, in each
     * period and for each amount of the budget, and only if no higher share was noted before. If the call fails, it may
     * have been noted.
     *
     * @param percent the share, 1 to 100
     * @param cap the amount of the budget
     */
    boolean note(PeriodKey key, int percent, long cap) throws SQLException;

    /**
     * The nodes that live, as the database sees them.
     *
     * @param count how many runs were seen in the last 60 s, by the database's clock
     * @param databaseTime what that clock showed during the call
     */
    record LiveNodes(int count, Instant databaseTime) {}

    /**
     * A period and a run's lease of it, after a reservation. All amounts are nano-dollars. Immutable.
     *
     * @param granted what the run has reserved since its start, less what it gave back; what its stored rows cost above that is
     *     part of it. 0 for a budget that was never enforced
     * @param drawn what stored rows of the run have cost; 0 for a budget that was never enforced
     * @param all the numbers of all runs, this one too
     * @param othersWait whether another run waits for more than it has, and no request of this run waits longer
     */
    record LeaseState(PeriodKey key, long granted, long drawn, Amounts all, boolean othersWait) {
        public boolean isLeasedElsewhere() {
            return all.reserved() > granted - drawn;
        }
    }

    /**
     * A run's need in a period. All amounts are nano-dollars, not negative. Immutable.
     *
     * @param edge the part of the cap that only running requests may use
     * @param opening what was spent before the period had a row
     * @param least what running requests need {@linkplain LeaseState#granted granted}: what the run has spent since its
     *     start, and what its requests hold now; granted up to the cap, and given back by other runs before anything else if
     *     there is not enough
     * @param wanted what the run would like, at least {@code least}: granted up to the cap less the edge. If the run has
     *     more, it gives the rest back, as far as it is not spent
     * @param line requests of the run that wait, for more than {@code least}: runs whose oldest request waits for a shorter time
     *     get no more than {@code least} until this one has enough
     */
    record LeaseRequest(PeriodKey key, Terms terms, long edge, Opening opening, long least, long wanted, Line line) {
        /**
         * The terms of a budget in the policy of a node.
         *
         * @param end the first instant after the window; empty for a budget that never begins again
         * @param cap the amount of the budget
         * @param enforced whether the cap is a limit; if not, nothing is reserved
         * @param version of the policy: the highest of all nodes decides about the cap; 0 before any
         */
        public record Terms(Optional<Instant> end, long cap, boolean enforced, long version) {}

        public LeaseRequest {
            if (terms.cap() < 0 || edge < 0 || terms.version() < 0 || least < 0 || wanted < least) {
                throw new IllegalArgumentException("an amount of a lease is out of range");
            }
        }
    }

    /**
     * The leases of a run were taken from it, because it was thought dead. It can reserve nothing more: its node has to continue
     * as a new run, and should {@linkplain LeaseStore#reap reap} the old one again.
     */
    final class FencedException extends Exception {
        FencedException(UUID run) {
            super("the leases of the run " + run + " were taken from it");
        }
    }

    /**
     * The requests of a run that wait for money of a period. Immutable.
     *
     * @param nanos nano-dollars that they wait for; 0 if none waits
     * @param millis how long the oldest of them has waited; -1 in a row, where that does not change the time since which it waits
     */
    record Line(long nanos, int millis) {
        /** No request waits. */
        public static final Line NONE = new Line(0, -1);

        boolean exists() {
            return nanos > 0;
        }
    }

    /**
     * The rows of {@code warder_ledger} that count as spent when a period gets its row: a budget that is new, in the middle of
     * its period, does not begin with nothing spent. Immutable.
     */
    @FunctionalInterface
    interface Opening {
        /** No row counts, as for a budget of one session, which begins with the session. */
        Opening NONE = (client, model) -> false;

        Opening ALL = (client, model) -> true;

        /** @param model the name that was sent to the upstream; empty where none is known */
        boolean counts(String client, String model);

        static Opening ofClients(Set<String> clients) {
            return clients.isEmpty() ? NONE : (client, model) -> clients.contains(client);
        }

        static Opening ofModels(Predicate<String> models) {
            return (client, model) -> models.test(model);
        }
    }
}
