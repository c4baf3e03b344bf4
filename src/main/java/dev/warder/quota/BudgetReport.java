package dev.warder.quota;

import dev.warder.ledger.store.PeriodReader.NodeWait;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * The budgets at one moment. Every list is bounded. Immutable.
 *
 * @param time of the report
 * @param query which teams and clients are shown
 * @param databaseRead whether the numbers are those of the database; otherwise those that the node got from it last
 * @param organization the budgets of all clients together, the shortest period first
 * @param teams those with the fullest budgets first
 * @param moreTeams how many others are on later pages
 * @param pages how many pages of teams, or of clients of one team, there are; at least 1
 * @param sessions those in use on this node
 * @param unread how many budgets were not read, because there are too many
 * @param waiting the requests that wait on this node, those first that have waited longest
 * @param moreWaiting how many others wait
 * @param nodes what other nodes wait for, those first that have waited longest
 * @param moreNodes whether others wait too
 * @param events what budgets did on this node, the newest first
 */
public record BudgetReport(
        Instant time,
        BudgetQuery query,
        boolean databaseRead,
        List<BudgetLine> organization,
        List<TeamLines> teams,
        int moreTeams,
        int pages,
        Lines tags,
        Lines models,
        Lines sessions,
        int unread,
        List<WaitingRequest> waiting,
        int moreWaiting,
        List<NodeWait> nodes,
        boolean moreNodes,
        List<BudgetEvent> events) {
    /**
     * Some budgets, the fullest first. Immutable.
     *
     * @param shown at most as many as the report shows
     * @param more how many others there are, which are less full
     */
    public record Lines(List<BudgetLine> shown, int more) {
        /** @param from how many of the fullest are on earlier pages */
        static Lines of(List<BudgetLine> all, int from, int most) {
            var shown = all.stream().sorted(BudgetLine.FULLEST).skip(from).limit(most);
            return new Lines(shown.toList(), Math.max(0, all.size() - from - most));
        }
    }

    /**
     * A team, or the clients without a team. Immutable.
     *
     * @param name of the team; empty for the clients without one
     * @param budgets its own budgets, the shortest period first
     * @param clients budgets of the clients that it pays for
     * @param without how many of these clients have no budget of their own
     */
    public record TeamLines(String name, List<BudgetLine> budgets, Lines clients, int without) {
        /** The team first that has the fullest budget, of its own or of its clients. */
        static final Comparator<TeamLines> FULLEST =
                Comparator.comparingDouble(TeamLines::fullness).reversed();

        private double fullness() {
            double own =
                    budgets.stream().mapToDouble(BudgetLine::fullness).max().orElse(-1);
            return clients.shown.isEmpty()
                    ? own
                    : Math.max(own, clients.shown.get(0).fullness());
        }
    }
}
