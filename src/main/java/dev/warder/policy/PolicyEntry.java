package dev.warder.policy;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

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
     * The budgets that a request of this client charges, in the order of {@link BudgetScope}; see {@link
     * Policy#budgets}.
     *
     * @param model the model that is asked upstream; empty if the request names none
     * @param session the caller's name of its session; empty if it has none
     */
    public List<Budget> budgets(Optional<String> model, Optional<String> session) {
        return shared.charged(principal, model, tags, session);
    }

    /**
     * The rate limits of a request of this client: those of the client, of the team that pays for it, of the organization, and
     * of the models that may run for it, as far as there are any.
     *
     * @param models the names of these models; an empty name stands for any model
     */
    public List<OwnedLimits> limits(Collection<String> models) {
        return shared.limits(principal, models);
    }

    /**
     * Whether the rate limits of this client cannot be applied to a request whose content is not read: they are those of a
     * model, of tokens, or of requests at the same time.
     */
    public boolean limitsNeedContent() {
        return shared.needContent(principal);
    }

    public boolean mayBeLimited() {
        return shared.mayLimit(principal, tags);
    }

    @Override
    public String toString() {
        return "PolicyEntry[" + principal.name() + ", version " + version + "]";
    }
}
