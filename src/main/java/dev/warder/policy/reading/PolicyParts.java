package dev.warder.policy.reading;

import dev.warder.policy.Budget;
import dev.warder.policy.BudgetTerms;
import dev.warder.policy.ModelBudgets;
import dev.warder.policy.OwnedLimits;
import dev.warder.policy.Policy;
import dev.warder.policy.Principal;
import dev.warder.policy.RateLimits;
import dev.warder.policy.SharedBudgets;
import dev.warder.policy.SharedLimits;
import dev.warder.policy.Team;
import dev.warder.policy.store.PolicyKind;
import dev.warder.policy.store.PolicyName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was read of a policy so far. One thread at a time. */
final class PolicyParts {
    private final Map<String, Team> teams = new LinkedHashMap<>();
    private final Map<String, Principal> principals = new LinkedHashMap<>();
    private final Map<String, List<Budget>> tags = new HashMap<>();
    private final List<ModelBudgets> models = new ArrayList<>();
    private final List<OwnedLimits> modelLimits = new ArrayList<>();
    private final Set<PolicyName> names = new HashSet<>();
    private List<BudgetTerms> sessions = List.of();
    private Organization organization = new Organization(List.of(), RateLimits.NONE);

    /** What all clients share. */
    record Organization(List<Budget> budgets, RateLimits limits) {}

    /** All teams by name; more may come. */
    Map<String, Team> teams() {
        return teams;
    }

    /** The budgets of all clients together. */
    List<Budget> organizationBudgets() {
        return organization.budgets();
    }

    /** Whether an object of this name was added. */
    boolean has(PolicyName name) {
        return names.contains(name);
    }

    void add(Organization added) {
        organization = added;
        names.add(new PolicyName(PolicyKind.ORGANIZATION, ""));
    }

    /** Adds the terms of each session. */
    void addSessions(List<BudgetTerms> added) {
        sessions = added;
        names.add(new PolicyName(PolicyKind.SESSIONS, ""));
    }

    /** Adds a team; of two teams of one name the first counts. */
    void add(Team team) {
        teams.putIfAbsent(team.name(), team);
        names.add(new PolicyName(PolicyKind.TEAM, team.name()));
    }

    void add(SharedBudgetReader.Tag tag) {
        tags.put(tag.name(), tag.budgets());
        names.add(new PolicyName(PolicyKind.TAG, tag.name()));
    }

    void add(SharedBudgetReader.Model model) {
        models.add(model.budgets());
        model.limits().ifPresent(modelLimits::add);
        names.add(new PolicyName(PolicyKind.MODEL, model.name()));
    }

    void add(Principal client) {
        principals.put(client.name(), client);
        names.add(PolicyName.client(client.name()));
    }

    /** Removes a client; false if there is none of this name. */
    boolean removeClient(String name) {
        return principals.remove(name) != null;
    }

    /** The policy with this number. */
    Policy policy(long version) {
        return new Policy(
                version,
                List.copyOf(teams.values()),
                List.copyOf(principals.values()),
                new SharedBudgets(organization.budgets(), tags, models, sessions),
                new SharedLimits(organization.limits(), modelLimits));
    }
}
