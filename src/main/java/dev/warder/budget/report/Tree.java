package dev.warder.budget.report;

import dev.warder.budget.lease.PeriodState;
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
 * Teams and their clients. Immutable.
 *
 * @param shown at most {@link #MOST_TEAMS}, those with the fullest budgets first
 * @param more how many others there are
 */
record Tree(List<TeamLines> shown, int more) {
    static final int MOST_TEAMS = 50;

    /** The budgets of clients in all teams together. */
    static final int MOST_LINES = 500;

    /**
     * The teams and clients whose names contain {@code part}, in any case of letters: of a team whose name does, all clients.
     */
    static Tree of(Policy policy, String part, Catalog catalog, Map<PeriodKey, PeriodState> states) {
        var byTeam = new HashMap<String, List<Principal>>();
        for (var client : policy.principals()) {
            String team = client.membership().payer().map(Team::name).orElse("");
            if (contains(team, part) || contains(client.name(), part)) {
                byTeam.computeIfAbsent(team, none -> new ArrayList<>()).add(client);
            }
        }
        var teams = new ArrayList<Team>(policy.teams().stream()
                .filter(team -> byTeam.containsKey(team.name()) || contains(team.name(), part))
                .toList());
        int groups = teams.size() + (byTeam.containsKey("") ? 1 : 0);
        int most = MOST_LINES / Math.min(MOST_TEAMS, Math.max(1, groups));
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
        var shown = all.stream().sorted(TeamLines.FULLEST).limit(MOST_TEAMS).toList();
        return new Tree(shown, all.size() - shown.size());
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
