package dev.warder.quota;

import dev.warder.ledger.store.PeriodReader.NodeWait;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

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
        Query query,
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
        List<Event> events) {
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

    /**
     * A request that waits for budgets on this node. Immutable.
     *
     * @param client its name
     * @param budgets the keys of the budgets that it waits for
     * @param why what it waits for
     * @param nanos nano-dollars that it needs of each of them
     * @param waited for how long
     */
    public record WaitingRequest(String client, List<String> budgets, Why why, long nanos, Duration waited) {
        /** The reason for which a request waits. */
        public enum Why {
            ASKING("the database is asked for the budget"),
            OTHER_NODES("requests of other nodes have waited longer"),
            RUNNING("running requests hold the rest"),
            EARLIER("an earlier request waits for the budget");

            private final String words;

            Why(String words) {
                this.words = words;
            }

            public String words() {
                return words;
            }
        }
    }

    /**
     * An effect of a budget on requests. Immutable.
     *
     * @param time of the last one
     * @param client its name
     * @param model as the client names it, shortened; empty if it names none
     * @param budgets the keys of the budgets that did it; none where that is not about a budget
     * @param times how often it has happened since it was first noted
     */
    public record Event(Instant time, String client, String model, List<String> budgets, What what, long times) {
        /** The kind of the event. */
        public enum What {
            CUT("response cut: nothing was left to reserve"),
            SPENT("refused: the budget is spent"),
            TOO_SMALL("refused: the rest does not cover the request"),
            WAITED("refused: waited too long"),
            /** Too many requests wait. */
            LINE_FULL("refused: too many requests wait"),
            DATABASE_AWAY("refused: the database cannot be reached"),
            SESSIONS("refused: too many sessions at the same time"),
            /** The first try has failed, and another one has nothing to reserve. */
            NO_FURTHER_TRY("not tried again: nothing was left to reserve");

            private final String words;

            What(String words) {
                this.words = words;
            }

            public String words() {
                return words;
            }
        }
    }

    /**
     * The choice of budgets of teams and clients that are shown. Immutable.
     *
     * @param part what names of teams and clients must contain, in any case of letters; empty for all
     * @param team only this team and the clients that it pays for; {@link #NO_TEAM} for the clients without a team, empty
     *     for all
     * @param page of teams, or of the clients of one team; from 1, and the last one if there are fewer
     */
    public record Query(String part, String team, int page) {
        public static final String NO_TEAM = "-";

        public static final Query ALL = new Query("", "", 1);

        public boolean isOneTeam() {
            return !team.isEmpty();
        }

        public Query at(int other) {
            return new Query(part, team, other);
        }

        public Query of(String name) {
            return new Query(part, name.isEmpty() ? NO_TEAM : name, 1);
        }

        boolean includes(String name) {
            return team.isEmpty() || team.equals(name.isEmpty() ? NO_TEAM : name);
        }

        /** Whether a name contains the part. */
        boolean finds(String name) {
            return name.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
        }
    }
}
