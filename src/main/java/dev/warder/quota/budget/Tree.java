package dev.warder.quota.budget;

import dev.warder.ledger.lease.PeriodState;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.Budget;
import dev.warder.policy.Policy;
import dev.warder.policy.Principal;
import dev.warder.policy.Team;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
     * The teams and clients whose names contain the part: of a team whose name does, all clients. Of several teams the fullest
     * clients are shown, and of one team a page of them.
     */
    static Tree of(Policy policy, BudgetQuery query, Catalog catalog, Map<PeriodKey, PeriodState> states) {
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
        int count = one.stream().mapToInt(team -> team.clients().shown().size()).sum();
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
            Map<PeriodKey, PeriodState> states) {
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
