package dev.warder.quota;

import dev.warder.ledger.lease.NodeWait;
import java.time.Instant;
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
        List<BudgetEvent> events) {}
