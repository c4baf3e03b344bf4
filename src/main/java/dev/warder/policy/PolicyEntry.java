package dev.warder.policy;

import dev.warder.policy.PolicyReader.ModelBudgets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A client in one version of the policy. A request keeps the entry with which it was admitted. It is decided again by a
 * newer version before it is sent upstream. An entry keeps no other client of its version, since a stream keeps the
 * entry until it ends. Immutable.
 *
 * @param version the version of the policy
 * @param principal one of its clients
 * @param shared the budgets and limits of this version that clients share
 * @param tags the tags of the access token, in addition to those of the client
 */
public record PolicyEntry(long version, Principal principal, SharedTerms shared, List<String> tags) {
    public PolicyEntry {
        tags = List.copyOf(tags);
    }

    public Optional<Team> payer() {
        return principal.membership().payer();
    }

    /**
     * The budgets that a request of this client charges, in the order of {@link Budget.Scope}; see {@link
     * Policy#budgets}.
     *
     * @param model the model that is asked upstream; empty if the request names none
     * @param session the caller's name of its session; empty if it has none
     */
    public List<Budget> budgets(Optional<String> model, Optional<String> session) {
        var charged = new ArrayList<>(principal.budgets().budgets());
        payer().ifPresent(team -> charged.addAll(team.budgets().budgets()));
        charged.addAll(shared.organization());
        var allTags = new TreeSet<>(principal.tags());
        allTags.addAll(tags);
        allTags.forEach(tag -> charged.addAll(shared.tags().getOrDefault(tag, List.of())));
        model.ifPresent(name -> charged.addAll(ModelBudgets.of(name, shared.models())));
        session.ifPresent(
                id -> shared.sessions().forEach(terms -> charged.add(Budget.ofSession(principal.name(), id, terms))));
        return List.copyOf(charged);
    }

    /**
     * The rate limits of a request of this client: those of the client, of the team that pays for it, of the organization, and
     * of the models that may run for it, as far as there are any.
     *
     * @param models the names of these models; an empty name stands for any model
     */
    public List<RateLimits.Owned> limits(Collection<String> models) {
        var all = limitsOfAllModels();
        for (var each : shared.modelLimits()) {
            for (var name : models) {
                if (name.isEmpty() || each.countsModel(name)) {
                    all.add(each);
                    break;
                }
            }
        }
        return all;
    }

    /**
     * Whether the rate limits of this client cannot be applied to a request whose content is not read: they are those of a
     * model, of tokens, or of requests at the same time.
     */
    public boolean limitsNeedContent() {
        return !shared.modelLimits().isEmpty()
                || limitsOfAllModels().stream().anyMatch(each -> each.limits().needContent());
    }

    private List<RateLimits.Owned> limitsOfAllModels() {
        var all = new ArrayList<RateLimits.Owned>();
        add(all, Budget.Scope.CLIENT, principal.name(), principal.limits());
        payer().ifPresent(team -> add(all, Budget.Scope.TEAM, team.name(), team.limits()));
        add(all, Budget.Scope.ORGANIZATION, "", shared.limits());
        return all;
    }

    private static void add(List<RateLimits.Owned> all, Budget.Scope scope, String owner, RateLimits limits) {
        if (!limits.equals(RateLimits.NONE)) {
            all.add(new RateLimits.Owned(scope, owner, limits));
        }
    }

    /** Whether a budget may refuse requests of this client, whatever model and session they name. */
    public boolean mayBeLimited() {
        return shared.sessions().stream().anyMatch(Budget.Terms::enforces)
                || Stream.concat(
                                budgets(Optional.empty(), Optional.empty()).stream(),
                                shared.models().stream().flatMap(each -> each.budgets().stream()))
                        .anyMatch(budget -> budget.terms().enforces());
    }

    @Override
    public String toString() {
        return "PolicyEntry[" + principal.name() + ", version " + version + "]";
    }
}
