package dev.warder.quota;

import dev.warder.ledger.lease.Amounts;
import dev.warder.ledger.lease.NodeWait;
import dev.warder.ledger.lease.PeriodReader;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Policy;
import dev.warder.policy.Principal;
import dev.warder.policy.Team;
import dev.warder.quota.Budgets.NodeBudgets;
import dev.warder.usage.DocumentReads;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes reports of budgets on a thread of its own, which exists while there is something to report. Thread-safe; no method
 * waits.
 */
public final class BudgetReports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BudgetReports.class);

    private static final int LINES = 50;
    private static final int SESSIONS = 20;
    private static final int MOST_OPEN = 50;

    private final Supplier<Policy> policy;
    private final Supplier<NodeBudgets> node;
    private final SharedNumbers numbers;
    private final InstantSource clock;
    private final DocumentReads reads;

    /**
     * Opens no connection yet.
     *
     * @param policy gives the policy in use
     * @param node gives what this node knows
     * @param source the operator's database, for reports alone
     * @param threads makes the thread, which ends after {@link #close}
     * @param clock the time of day
     * @param nanoTime a clock that never goes back
     */
    public BudgetReports(
            Supplier<Policy> policy,
            Supplier<NodeBudgets> node,
            DataSource source,
            ThreadFactory threads,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.policy = policy;
        this.node = node;
        this.numbers = new SharedNumbers(new PeriodReader(source), nanoTime);
        this.clock = clock;
        this.reads = new DocumentReads(MOST_OPEN, threads);
    }

    /**
     * A report, with numbers of the database that are at most some seconds old.
     *
     * @return empty when too many reports are asked for, or this is closed; never completes with an exception
     */
    public CompletableFuture<Optional<BudgetReport>> report(BudgetQuery query) {
        if (!reads.enter()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return reads.read(wanted -> attempt(query))
                .exceptionally(closed -> Optional.empty())
                .whenComplete((report, never) -> reads.leave());
    }

    private Optional<BudgetReport> attempt(BudgetQuery query) {
        try {
            return Optional.of(make(query));
        } catch (RuntimeException | Error fault) {
            LOG.error("A report of budgets cannot be made", fault);
            return Optional.empty();
        }
    }

    private BudgetReport make(BudgetQuery query) {
        var now = clock.instant();
        var current = policy.get();
        var here = node.get();
        var catalog = new Catalog(current, now, here.used());
        var read = numbers.of(catalog.keys(), here.run());
        var states = read.states();
        var tree = Tree.of(current, query, catalog, states);
        var waits = read.waits();
        return new BudgetReport(
                now,
                tree.query(),
                read.complete(),
                catalog.lines(current.organization(), states),
                tree.shown(),
                tree.more(),
                tree.pages(),
                Lines.of(catalog.lines(BudgetScope.TAG, states), LINES),
                Lines.of(catalog.lines(BudgetScope.MODEL, states), LINES),
                Lines.of(catalog.lines(BudgetScope.SESSION, states), SESSIONS),
                read.unread(),
                here.waiting(),
                here.allWaiting() - here.waiting().size(),
                waits.stream().limit(LINES).toList(),
                waits.size() > LINES,
                here.events());
    }

    /** Ends what waits. What runs goes on: an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        reads.close();
    }

    /**
     * The numbers of budgets in the database. It is read for all callers, and again only when it is old: the longer that
     * takes, the less often, so that the database spends at most a twentieth of its time on it. One thread at a time.
     */
    static final class SharedNumbers {
        static final int MOST = 50_000;

        /** Read at once: five queries. */
        private static final int PART = 1000;

        private static final long LONGEST = Duration.ofSeconds(10).toNanos();
        private static final long LEAST_AGE = Duration.ofSeconds(2).toNanos();
        private static final long MOST_AGE = Duration.ofSeconds(60).toNanos();
        private static final int TIMES = 20;

        private final PeriodReader periods;
        private final LongSupplier nanoTime;
        private Numbers last = Numbers.NONE;
        private long readAgainAt;

        /** @param nanoTime a clock that never goes back */
        SharedNumbers(PeriodReader periods, LongSupplier nanoTime) {
            this.periods = periods;
            this.nanoTime = nanoTime;
            readAgainAt = nanoTime.getAsLong();
        }

        /**
         * The numbers that were read. Immutable.
         *
         * @param complete whether the database could be read
         * @param unread how many periods were not read, because there are too many
         */
        record Numbers(boolean complete, Map<PeriodKey, Amounts> states, int unread, List<NodeWait> waits) {
            static final Numbers NONE = new Numbers(false, Map.of(), 0, List.of());
        }

        /**
         * The numbers of these periods, or those that were read some seconds ago. Waits for the database.
         *
         * @param keys those first that matter most
         * @param run of this node
         */
        Numbers of(List<PeriodKey> keys, UUID run) {
            long began = nanoTime.getAsLong();
            if (began - readAgainAt >= 0) {
                last = read(keys, run, began);
                long ended = nanoTime.getAsLong();
                long age = Math.min(MOST_AGE, Math.max(LEAST_AGE, TIMES * (ended - began)));
                readAgainAt = ended + (!last.complete() ? LEAST_AGE : age);
            }
            return last;
        }

        private Numbers read(List<PeriodKey> keys, UUID run, long began) {
            try {
                var states = new HashMap<PeriodKey, Amounts>();
                int read = 0;
                while (read < Math.min(MOST, keys.size()) && nanoTime.getAsLong() - began < LONGEST) {
                    int to = Math.min(Math.min(MOST, keys.size()), read + PART);
                    states.putAll(periods.read(keys.subList(read, to)));
                    read = to;
                }
                return new Numbers(true, states, keys.size() - read, periods.waits(run));
            } catch (SQLException | RuntimeException failed) {
                LOG.debug(
                        "the numbers of budgets cannot be read: {}",
                        failed.getClass().getSimpleName());
                return Numbers.NONE;
            }
        }
    }

    /**
     * A page of teams and their clients. Immutable.
     *
     * @param shown at most {@link #MOST_TEAMS}, those with the fullest budgets first
     * @param more how many teams are on later pages
     * @param query what was asked for, with the page that there is
     * @param pages how many there are, at least 1
     */
    record Tree(List<TeamLines> shown, int more, BudgetQuery query, int pages) {
        static final int MOST_TEAMS = 50;

        static final int MOST_LINES = 500;

        /**
         * The teams and clients whose names contain the part: of a team whose name does, all clients. Of several teams the
         * fullest clients are shown, and of one team a page of them.
         */
        static Tree of(Policy policy, BudgetQuery query, Catalog catalog, Map<PeriodKey, Amounts> states) {
            var byTeam = clients(policy, query);
            var teams = new ArrayList<Team>(policy.teams().stream()
                    .filter(team -> query.includes(team.name()))
                    .filter(team -> byTeam.containsKey(team.name()) || contains(team.name(), query.part()))
                    .toList());
            int groups = teams.size() + (byTeam.containsKey("") ? 1 : 0);
            int most = query.isOneTeam() ? Integer.MAX_VALUE : MOST_LINES / Math.min(MOST_TEAMS, Math.max(1, groups));
            var all = new ArrayList<TeamLines>();
            teams.forEach(team -> all.add(lines(
                    team.name(),
                    catalog.lines(team.budgets().budgets(), states),
                    byTeam.getOrDefault(team.name(), List.of()),
                    most,
                    catalog,
                    states)));
            if (byTeam.containsKey("")) {
                all.add(lines("", List.of(), byTeam.getOrDefault("", List.of()), most, catalog, states));
            }
            return query.isOneTeam() ? pageOfClients(all, query) : pageOfTeams(all, query);
        }

        private static Map<String, List<Principal>> clients(Policy policy, BudgetQuery query) {
            var byTeam = new HashMap<String, List<Principal>>();
            for (var client : policy.principals()) {
                String team = client.membership().payer().map(Team::name).orElse("");
                if (query.includes(team) && (contains(team, query.part()) || contains(client.name(), query.part()))) {
                    byTeam.computeIfAbsent(team, none -> new ArrayList<>()).add(client);
                }
            }
            return byTeam;
        }

        private static Tree pageOfTeams(List<TeamLines> all, BudgetQuery query) {
            int pages = pages(all.size(), MOST_TEAMS);
            int page = Math.min(query.page(), pages);
            var shown = all.stream()
                    .sorted(TeamLines.FULLEST)
                    .skip((long) MOST_TEAMS * (page - 1))
                    .limit(MOST_TEAMS)
                    .toList();
            return new Tree(shown, Math.max(0, all.size() - MOST_TEAMS * page), query.at(page), pages);
        }

        private static Tree pageOfClients(List<TeamLines> one, BudgetQuery query) {
            int count =
                    one.stream().mapToInt(team -> team.clients().shown().size()).sum();
            int pages = pages(count, MOST_LINES);
            int page = Math.min(query.page(), pages);
            var shown = one.stream()
                    .map(team -> new TeamLines(
                            team.name(), team.budgets(), team.clients().page(page, MOST_LINES), team.without()))
                    .toList();
            return new Tree(shown, 0, query.at(page), pages);
        }

        private static int pages(int count, int size) {
            return Math.max(1, (count + size - 1) / size);
        }

        private static TeamLines lines(
                String name,
                List<BudgetLine> own,
                List<Principal> clients,
                int most,
                Catalog catalog,
                Map<PeriodKey, Amounts> states) {
            var budgets = new ArrayList<Budget>();
            int without = 0;
            for (var client : clients) {
                var its = client.budgets().budgets();
                budgets.addAll(its);
                without += its.isEmpty() ? 1 : 0;
            }
            return new TeamLines(name, own, Lines.of(catalog.lines(budgets, states), most), without);
        }

        private static boolean contains(String name, String part) {
            return name.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT))
                    && (!name.isEmpty() || part.isEmpty());
        }
    }
}
