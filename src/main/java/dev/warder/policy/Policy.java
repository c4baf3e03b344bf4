package dev.warder.policy;

import dev.warder.policy.PolicyReader.ModelBudgets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The decisions of the policy: who may use what, and how much may be spent. Immutable. */
public final class Policy {
    public static final Policy NOTHING = new Policy(0, List.of(), List.of(), SharedTerms.NONE);

    private final long version;
    private final List<Team> teams;
    private final List<Principal> principals;
    private final SharedTerms shared;
    private final Map<String, Principal> byTokenName;
    private final Map<String, Principal> byName;

    public Policy(long version, List<Team> teams, List<Principal> principals, SharedTerms shared) {
        this.version = version;
        this.teams = List.copyOf(teams);
        this.principals = List.copyOf(principals);
        this.shared = shared;
        var names = new HashMap<String, Principal>();
        principals.forEach(each -> each.tokenNames().forEach(name -> names.put(name, each)));
        this.byTokenName = Map.copyOf(names);
        this.byName = principals.stream().collect(Collectors.toUnmodifiableMap(Principal::name, each -> each));
    }

    /**
     * The number of this content, from 1. Each change has a higher one. For a file it is the version that the operator
     * gave it.
     */
    public long version() {
        return version;
    }

    public Optional<Principal> principal(String tokenName) {
        return Optional.ofNullable(byTokenName.get(tokenName));
    }

    public Optional<PolicyEntry> entry(String tokenName) {
        return principal(tokenName).map(found -> new PolicyEntry(version, found, shared, List.of()));
    }

    /**
     * The client of this name, together with this version, for a request by a token of the database.
     *
     * @param tags the tags of the token
     */
    public Optional<PolicyEntry> entryOfClient(String name, List<String> tags) {
        return Optional.ofNullable(byName.get(name)).map(found -> new PolicyEntry(version, found, shared, tags));
    }

    /** Which access token of {@code clients.file} belongs to which client, as version {@code used}. */
    public TokenOwners owners(PolicyVersion used) {
        var owners = new HashMap<String, String>();
        byTokenName.forEach((token, client) -> owners.put(token, client.name()));
        return new TokenOwners(used, owners);
    }

    public List<Principal> principals() {
        return principals;
    }

    public List<Team> teams() {
        return teams;
    }

    public List<Budget> organization() {
        return shared.organization();
    }

    /**
     * The budgets that a request charges, in the order of {@link Budget.Scope}. Tags are in the order of their names,
     * models in that of the file, and the budgets of one of them in that of {@link Period}.
     *
     * @param client who sends the request
     * @param model the model that is asked upstream; empty if the request names none
     * @param tags tags of the request, in addition to those of its client; without effect if a tag has no budget
     * @param session the caller's name of its session; empty if it has none
     */
    public List<Budget> budgets(
            Principal client, Optional<String> model, Collection<String> tags, Optional<String> session) {
        return new PolicyEntry(version, client, shared, List.copyOf(tags)).budgets(model, session);
    }

    public Map<String, Budget> budgetsByKey() {
        var all = new LinkedHashMap<String, Budget>();
        principals.forEach(each -> addTo(all, each.budgets().budgets()));
        teams.forEach(each -> addTo(all, each.budgets().budgets()));
        addTo(all, shared.organization());
        shared.tags().values().forEach(each -> addTo(all, each));
        shared.models().forEach(each -> addTo(all, each.budgets()));
        return Collections.unmodifiableMap(all);
    }

    public List<Budget.Terms> sessions() {
        return shared.sessions();
    }

    public boolean chargesModel(Budget budget, String model) {
        return ModelBudgets.of(model, shared.models()).stream()
                .anyMatch(each -> each.key().equals(budget.key()));
    }

    public List<RateLimits.Owned> sharedLimits() {
        var all = new ArrayList<RateLimits.Owned>();
        if (!shared.limits().equals(RateLimits.NONE)) {
            all.add(new RateLimits.Owned(Budget.Scope.ORGANIZATION, "", shared.limits()));
        }
        all.addAll(shared.modelLimits());
        return List.copyOf(all);
    }

    /** Whether there is a budget that can refuse a request, so that a store is needed. */
    public boolean enforces() {
        return shared.sessions().stream().anyMatch(Budget.Terms::enforces)
                || budgetsByKey().values().stream()
                        .anyMatch(budget -> budget.terms().enforces());
    }

    private static void addTo(Map<String, Budget> all, List<Budget> budgets) {
        budgets.forEach(budget -> all.put(budget.key(), budget));
    }
}
