package dev.warder.policy;

import dev.warder.config.ModelPattern;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A client: a person or a service, which may have several access tokens. Immutable.
 *
 * @param membership its teams
 * @param access the models and paths that it may use
 * @param tags the tags of its requests, sorted
 * @param budgets its own budgets, with {@code budget.default} where that holds
 * @param limits how much it may use
 */
public record Principal(
        Identity identity,
        Membership membership,
        Access access,
        List<String> tags,
        BudgetList budgets,
        RateLimits limits) {
    public Principal {
        tags = tags.stream().sorted().toList();
    }

    /**
     * Who a client is.
     *
     * @param name unique among clients and teams, apart from the case of letters; not secret
     * @param kind person or service
     * @param externalId its id in another system, such as a directory; unique among clients
     * @param tokenNames the names in {@code clients.file} of the tokens that are its own; of no other client
     */
    public record Identity(String name, PrincipalKind kind, Optional<String> externalId, List<String> tokenNames) {
        public Identity {
            tokenNames = List.copyOf(tokenNames);
        }

        @Override
        public String toString() {
            return "Identity[" + name + "]";
        }
    }

    public String name() {
        return identity.name();
    }

    public Optional<String> externalId() {
        return identity.externalId();
    }

    public List<String> tokenNames() {
        return identity.tokenNames();
    }

    public boolean isLimitedToModels() {
        return access.limitsModels()
                || membership.payer().map(team -> team.access().limitsModels()).orElse(false);
    }

    /** Whether it may use the model of this name: its own limits and those of the team that pays must permit it. */
    public boolean mayUseModel(String model) {
        return access.permitsModel(model)
                && membership
                        .payer()
                        .map(team -> team.access().permitsModel(model))
                        .orElse(true);
    }

    public boolean hasModelsOf(Principal other) {
        return access.models().equals(other.access.models()) && payersModels().equals(other.payersModels());
    }

    private List<ModelPattern> payersModels() {
        return membership.payer().map(team -> team.access().models()).orElse(List.of());
    }

    public boolean mayUsePath(String path) {
        return access.permitsPath(path);
    }

    @Override
    public String toString() {
        return "Principal[" + name() + "]";
    }

    /**
     * The teams of a client. Immutable.
     *
     * @param teams all its teams, in the order of the file
     * @param payer the one that pays; empty only for a client without a team
     */
    public record Membership(List<Policy.Team> teams, Optional<Policy.Team> payer) {
        /** Copies the list; refuses a payer that is none of the teams, and teams without a payer. */
        public Membership {
            teams = List.copyOf(teams);
            if (payer.isPresent() ? !teams.contains(payer.get()) : !teams.isEmpty()) {
                throw new IllegalArgumentException("one of the teams must pay");
            }
        }
    }

    /** The kind of a client. */
    public enum PrincipalKind {
        PERSON,
        SERVICE
    }

    /**
     * The budgets of one client or team. Immutable.
     *
     * @param budgets at most one for each period, the shortest period first
     * @param unlimited whether the operator wrote the word {@code unlimited}: no further budget is needed
     */
    public record BudgetList(List<Budget> budgets, boolean unlimited) {
        public BudgetList {
            budgets = budgets.stream()
                    .sorted(Comparator.comparing(budget -> budget.terms().period()))
                    .toList();
        }

        public boolean enforces() {
            return budgets.stream().anyMatch(budget -> budget.terms().enforces());
        }

        /** Whether the client needs no other budget: it is limited, or unlimited by the operator's word. */
        public boolean suffices() {
            return unlimited || enforces();
        }
    }
}
