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
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    public Optional<Entry> entry(String tokenName) {
        return principal(tokenName).map(found -> new Entry(version, found, shared, List.of()));
    }

    /**
     * The client of this name, together with this version, for a request by a token of the database.
     *
     * @param tags the tags of the token
     */
    public Optional<Entry> entryOfClient(String name, List<String> tags) {
        return Optional.ofNullable(byName.get(name)).map(found -> new Entry(version, found, shared, tags));
    }

    /** Which access token of {@code clients.file} belongs to which client, as version {@code used}. */
    public TokenOwners owners(Version used) {
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
        return new Entry(version, client, shared, List.copyOf(tags)).budgets(model, session);
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

    /**
     * Clients with a common budget. Immutable.
     *
     * @param name unique among teams and clients, apart from the case of letters
     * @param externalId its id in another system, such as a cost center; unique among teams
     * @param access the models that may be used at its expense, and all paths
     * @param budgets the budgets of all that it pays for together
     * @param limits how much these may use together
     */
    public record Team(
            String name, Optional<String> externalId, Access access, Principal.BudgetList budgets, RateLimits limits) {}

    /**
     * The budgets and rate limits that clients share, and the terms of each session. Immutable.
     *
     * @param organization the budgets of all clients together, the shortest period first
     * @param tags the budgets of each tag that has one
     * @param models the budgets of models, in the order of the file
     * @param sessions what holds for each session of each client, the shortest period first
     * @param limits the rate limits of all clients together
     * @param modelLimits those of models, in the order of the file
     */
    public record SharedTerms(
            List<Budget> organization,
            Map<String, List<Budget>> tags,
            List<ModelBudgets> models,
            List<Budget.Terms> sessions,
            RateLimits limits,
            List<RateLimits.Owned> modelLimits) {
        static final SharedTerms NONE =
                new SharedTerms(List.of(), Map.of(), List.of(), List.of(), RateLimits.NONE, List.of());

        public SharedTerms {
            organization = List.copyOf(organization);
            tags = Map.copyOf(tags);
            models = List.copyOf(models);
            sessions = List.copyOf(sessions);
            modelLimits = List.copyOf(modelLimits);
        }
    }

    /**
     * The identity of the policy in use: two files with the same number may differ.
     *
     * @param number the version that the file states; 0 for no policy
     * @param sha256 the SHA-256 of the whole file, as 64 lower-case hexadecimal digits; empty for no policy
     */
    public record Version(long number, String sha256) {
        /** Before the constant, whose constructor uses it. */
        private static final Pattern SHA256 = Pattern.compile("([0-9a-f]{64})?");

        public static final Version NONE = new Version(0, "");

        /** Refuses a negative number, and what is no SHA-256. */
        public Version {
            if (number < 0 || !SHA256.matcher(sha256).matches()) {
                throw new IllegalArgumentException("not a version of a policy");
            }
        }

        /** Whether clients that {@code other} has may be removed in this version: it is higher, or has other contents. */
        public boolean supersedes(Version other) {
            return number > other.number || differsFrom(other);
        }

        public boolean differsFrom(Version other) {
            return number == other.number && !sha256.equals(other.sha256);
        }
    }

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
    public record Entry(long version, Principal principal, SharedTerms shared, List<String> tags) {
        public Entry {
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
            session.ifPresent(id ->
                    shared.sessions().forEach(terms -> charged.add(Budget.ofSession(principal.name(), id, terms))));
            return List.copyOf(charged);
        }

        /**
         * The rate limits of a request of this client: those of the client, of the team that pays for it, of the organization,
         * and of the models that may run for it, as far as there are any.
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
                    || limitsOfAllModels().stream()
                            .anyMatch(each -> each.limits().needContent());
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
}
