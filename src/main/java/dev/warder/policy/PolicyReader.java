package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelPattern;
import dev.warder.config.ModelSuffix;
import dev.warder.config.NameHint;
import dev.warder.config.ValueSyntax;
import dev.warder.json.JsonTree;
import dev.warder.json.ObjectReader;
import dev.warder.json.Problems;
import dev.warder.policy.Principal.BudgetList;
import dev.warder.policy.Principal.Membership;
import dev.warder.policy.Principal.PrincipalKind;
import dev.warder.policy.StoredPolicy.StoredObject;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads a policy from {@code policy.file}, or from objects of the database, which have the same form. A problem in the file
 * refuses the whole file. An object of the database with a problem is left out, and the others stay usable. One thread at a
 * time, for one policy.
 */
final class PolicyReader {
    private static final String VERSION = "version";
    private static final String ZONE = "zone";
    private static final String NAME = "name";
    private static final String KIND = "kind";
    private static final String EXTERNAL_ID = "external_id";
    private static final String TOKEN_NAMES = "token_names";
    private static final String TEAMS = "teams";
    private static final String PAYER = "payer";
    private static final String MODELS = "models";
    private static final String PATHS = "paths";
    private static final String TAGS = "tags";
    private static final List<String> MEMBERS =
            List.of(VERSION, ZONE, "organization", TEAMS, "clients", TAGS, MODELS, "sessions");
    /** In the order in which a file is read. Clients are the last, with all teams and with the budgets of the organization. */
    private static final List<PolicyName.Kind> KINDS = List.of(
            PolicyName.Kind.ORGANIZATION,
            PolicyName.Kind.TEAM,
            PolicyName.Kind.TAG,
            PolicyName.Kind.MODEL,
            PolicyName.Kind.SESSIONS,
            PolicyName.Kind.CLIENT);

    private static final List<String> MEMBERS_OF_CLIENT = List.of(
            NAME,
            KIND,
            EXTERNAL_ID,
            TOKEN_NAMES,
            TEAMS,
            PAYER,
            MODELS,
            PATHS,
            TAGS,
            BudgetReader.MEMBER,
            RateLimits.MEMBER);
    private static final int MOST_NAMED = 20;
    private static final String REMEDY =
            ", set budget.default, or write \"budgets\": \"" + PolicySyntax.UNLIMITED + "\"";
    /** Why a client of the database cannot be used. */
    private static final String UNCOVERED =
            "no enforcing budget limits it: give it, its team or the organization one" + REMEDY;

    private final Problems problems = new Problems();
    private final boolean isFile;
    private final Optional<DefaultBudget> byDefault;
    private final ObjectReader document;
    private final BudgetReader budgets;

    /**
     * The places of names and ids. A key is the kind of name, a space, and the name in lower case; no two objects of one kind may
     * have the same. The kind "owner" is that of clients and teams.
     */
    private final Map<String, String> taken = new HashMap<>();

    private final Map<String, Policy.Team> teams = new LinkedHashMap<>();
    private final Map<String, Principal> principals = new LinkedHashMap<>();
    private final Map<String, List<Budget>> tags = new HashMap<>();
    private final List<ModelBudgets> models = new ArrayList<>();
    private final List<RateLimits.Owned> modelLimits = new ArrayList<>();
    private List<Budget.Terms> sessions = List.of();
    private List<Budget> organization = List.of();
    private RateLimits organizationLimits = RateLimits.NONE;
    /** The places of clients by their names in lower case, and by the names of their tokens. */
    private final Map<String, String> places = new HashMap<>();

    private final Map<String, String> owners = new HashMap<>();
    /** The places of clients by the items of {@code token_names} in lower case, in the order of the file. */
    private final Map<String, String> listed = new LinkedHashMap<>();
    /** The clients that no budget limits, while the operator has not decided what holds for them. */
    private final List<String> uncovered = new ArrayList<>();

    private PolicyReader(JsonObject file, boolean isFile, Optional<DefaultBudget> byDefault) {
        this.isFile = isFile;
        this.byDefault = byDefault;
        document = ObjectReader.ofDocument(file, problems, MEMBERS);
        if (isFile && version(file) < 1) {
            document.problem(VERSION, "must be a whole number from 1, of at most 15 digits and without quotes");
        }
        var zone = document.find(ZONE, PolicySyntax::zone).orElse(ZoneId.of("UTC"));
        budgets = new BudgetReader(problems, zone);
    }

    /**
     * Reads the policy of a file.
     *
     * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
     * @throws InvalidValueException with all problems, at most 20 of them in words; each names its place
     */
    static Policy read(JsonObject file, Optional<DefaultBudget> byDefault) throws InvalidValueException {
        var reader = new PolicyReader(file, true, byDefault);
        reader.readFile();
        return reader.policy(version(file));
    }

    /**
     * Reads the policy of the database.
     *
     * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
     * @param version the number of this content
     */
    static LivePolicy.Read read(Collection<StoredObject> stored, Optional<DefaultBudget> byDefault, long version) {
        var reader = new PolicyReader(JsonValue.EMPTY_JSON_OBJECT, false, byDefault);
        var unusable = reader.readStored(stored);
        return new LivePolicy.Read(reader.policy(version), unusable);
    }

    private static long version(JsonObject file) {
        return JsonTree.count(file, VERSION, 0);
    }

    private Policy policy(long version) {
        return new Policy(
                version,
                List.copyOf(teams.values()),
                List.copyOf(principals.values()),
                new Policy.SharedTerms(organization, tags, models, sessions, organizationLimits, modelLimits));
    }

    private void readFile() throws InvalidValueException {
        for (var kind : KINDS) {
            if (kind.single()) {
                document.object(kind.word())
                        .ifPresent(each -> read(kind, kind.word(), each).run());
            } else {
                document.eachOf(kind.word() + "s", (number, each) -> readItem(kind, kind.word() + " " + number, each));
            }
        }
        listed.forEach(this::reportMisleading);
        // A budget that cannot be read limits no client, which is not worth a second problem.
        if (problems.count() == 0 && !uncovered.isEmpty() && budgets.anyEnforces()) {
            int shown = Math.min(uncovered.size(), MOST_NAMED);
            String more = uncovered.size() > shown ? " and " + (uncovered.size() - shown) + " more" : "";
            problems.add(
                    "clients",
                    "no enforcing budget limits " + String.join(", ", uncovered.subList(0, shown)) + more
                            + ": give them, their team or the organization one" + REMEDY);
        }
        problems.throwIfAny();
    }

    private void readItem(PolicyName.Kind kind, String place, JsonValue item) {
        if (item instanceof JsonObject object) {
            String name = JsonTree.text(object, NAME);
            read(kind, PolicySyntax.isName(name) ? place + " (" + name + ")" : place, object)
                    .run();
        } else {
            problems.add(place, "must be an object");
        }
    }

    private SortedMap<PolicyName, String> readStored(Collection<StoredObject> stored) {
        var unusable = new TreeMap<PolicyName, String>();
        for (var kind : KINDS) {
            for (var each : stored) {
                if (each.name().kind() == kind) {
                    var add = read(kind, each.name().text(), each.definition());
                    String found = problems.take();
                    if (found.isEmpty()) {
                        add.run();
                    } else {
                        unusable.put(each.name(), found);
                    }
                }
            }
        }
        if (budgets.anyEnforces()) {
            for (var name : uncovered) {
                if (principals.remove(name) != null) {
                    unusable.put(PolicyName.client(name), UNCOVERED);
                }
            }
        }
        return unusable;
    }

    /** Reads an object, and returns how it becomes a part of the policy. There may be problems. */
    private Runnable read(PolicyName.Kind kind, String place, JsonObject object) {
        return switch (kind) {
            case ORGANIZATION -> organization(place, object);
            case SESSIONS -> {
                var read = budgets.terms(ObjectReader.of(object, place, problems, List.of(BudgetReader.MEMBER)));
                yield () -> sessions = read;
            }
            case TEAM -> team(place, object);
            case TAG -> tag(place, object);
            case MODEL -> model(place, object);
            case CLIENT -> client(place, object);
        };
    }

    private Runnable organization(String place, JsonObject object) {
        var whole = ObjectReader.of(object, place, problems, List.of(BudgetReader.MEMBER, RateLimits.MEMBER));
        var own = budgets.budgets(whole, Budget.Scope.ORGANIZATION, Optional.of(""));
        var rates = RateLimits.read(whole);
        return () -> {
            organization = own;
            organizationLimits = rates;
        };
    }

    private Runnable team(String place, JsonObject object) {
        var team = ObjectReader.of(
                object, place, problems, List.of(NAME, EXTERNAL_ID, MODELS, BudgetReader.MEMBER, RateLimits.MEMBER));
        var name = team.require(NAME, PolicySyntax::principalName);
        var externalId = team.find(EXTERNAL_ID, PolicySyntax::externalId);
        var access = new Access(team.restrictions(MODELS, PolicySyntax::models), List.of());
        var own = budgets.budgetsOrUnlimited(team, Budget.Scope.TEAM, name);
        var rates = RateLimits.read(team);
        once("owner", name, team, NAME, place);
        once("id of a team", externalId, team, EXTERNAL_ID, place);
        return () ->
                name.ifPresent(text -> teams.putIfAbsent(text, new Policy.Team(text, externalId, access, own, rates)));
    }

    private Runnable tag(String place, JsonObject object) {
        var tag = ObjectReader.of(object, place, problems, List.of(NAME, BudgetReader.MEMBER));
        var name = tag.require(NAME, PolicySyntax::tag);
        // Without a budget the entry would have no meaning.
        if (tag.value(BudgetReader.MEMBER).isEmpty()) {
            tag.problem(BudgetReader.MEMBER, "is missing");
        }
        var own = budgets.budgets(tag, Budget.Scope.TAG, name);
        once("tag", name, tag, NAME, place);
        return () -> name.ifPresent(text -> tags.put(text, own));
    }

    private Runnable model(String place, JsonObject object) {
        var model = ObjectReader.of(object, place, problems, List.of(NAME, BudgetReader.MEMBER, RateLimits.MEMBER));
        Optional<ModelPattern> pattern = model.require(NAME, PolicySyntax::models);
        Optional<String> name = pattern.isPresent() ? model.find(NAME, text -> text) : Optional.empty();
        if (model.value(BudgetReader.MEMBER).isEmpty()
                && model.value(RateLimits.MEMBER).isEmpty()) {
            model.problem(BudgetReader.MEMBER, "is missing, and so is " + RateLimits.MEMBER);
        }
        var own = budgets.budgets(model, Budget.Scope.MODEL, name);
        var rates = RateLimits.read(model);
        once("model", name, model, NAME, place);
        return () -> name.ifPresent(text -> {
            models.add(new ModelBudgets(pattern.orElseThrow(), own));
            if (!rates.equals(RateLimits.NONE)) {
                modelLimits.add(new RateLimits.Owned(Budget.Scope.MODEL, text, rates, pattern));
            }
        });
    }

    /** Reads a client. One with problems is a part of the policy as long as it has a name and a kind; a file is refused for them. */
    private Runnable client(String place, JsonObject object) {
        var client = ObjectReader.of(object, place, problems, MEMBERS_OF_CLIENT);
        var name = client.require(NAME, PolicySyntax::principalName);
        var kind = client.require(KIND, ValueSyntax.oneOf(List.of(PrincipalKind.values())));
        var externalId = client.find(EXTERNAL_ID, PolicySyntax::externalId);
        once("id of a client", externalId, client, EXTERNAL_ID, place);
        var membership = membership(client);
        var access = new Access(
                client.restrictions(MODELS, PolicySyntax::models),
                client.restrictions(PATHS, Access.PathPattern::parse));
        var own = client.list(TAGS, PolicySyntax::tag);
        var budget = budgets.budgetsOrUnlimited(client, Budget.Scope.CLIENT, name);
        var rates = RateLimits.read(client);
        if (name.isEmpty()) {
            return () -> {};
        }
        once("owner", name, client, NAME, place);
        var tokens = tokenNames(client, name.get(), place);
        if (!isFile) {
            reportMisleading(client, name.get(), tokens, place);
        }
        var all = withDefault(client, name.get(), budget, membership);
        return () -> kind.ifPresent(each -> {
            var identity = new Principal.Identity(name.get(), each, externalId, tokens);
            principals.put(name.get(), new Principal(identity, membership, access, own, all, rates));
        });
    }

    /** Reports a name that occurs twice, apart from the case of letters. */
    private void once(String kind, Optional<String> name, ObjectReader object, String member, String place) {
        name.flatMap(text -> Optional.ofNullable(taken.putIfAbsent(kind + " " + text.toLowerCase(Locale.ROOT), place)))
                .ifPresent(other -> object.problem(member, "is that of " + other + ", apart from the case of letters"));
    }

    private Membership membership(ObjectReader client) {
        List<Policy.Team> own = client.list(TEAMS, this::knownTeam);
        Optional<Policy.Team> payer = client.find(PAYER, text -> payer(text, own));
        if (client.value(PAYER).isEmpty() && own.size() > 1) {
            client.problem(PAYER, "is missing: one of several teams must pay");
        }
        // After a problem any team will do, because the file is refused.
        return new Membership(own, payer.or(() -> own.stream().findFirst()));
    }

    private Policy.Team knownTeam(String name) throws InvalidValueException {
        Policy.Team team = teams.get(name);
        if (team == null) {
            String hint = problems.isListed() && PolicySyntax.isName(name)
                    ? NameHint.didYouMean(name, teams.keySet()).orElse("")
                    : "";
            throw new InvalidValueException("is not the name of a team" + hint);
        }
        return team;
    }

    private static Policy.Team payer(String name, List<Policy.Team> own) throws InvalidValueException {
        return own.stream()
                .filter(team -> team.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("is not one of the client's teams"));
    }

    /**
     * Most clients of a file have one token of {@code clients.file}, which has their name. Those of the database have the
     * tokens that are made for them there, and of {@code clients.file} only what they name.
     */
    private List<String> tokenNames(ObjectReader client, String name, String place) {
        places.put(name.toLowerCase(Locale.ROOT), place);
        if (client.value(TOKEN_NAMES).isPresent()) {
            return client.list(TOKEN_NAMES, text -> ownToken(PolicySyntax.name(text), place));
        }
        if (!isFile) {
            return List.of();
        }
        String other = owners.putIfAbsent(name, place);
        if (other != null) {
            client.problem(TOKEN_NAMES, "is missing, and the token of the client's name is one of " + other);
        }
        return List.of(name);
    }

    private String ownToken(String token, String place) throws InvalidValueException {
        String other = owners.putIfAbsent(token, place);
        if (other != null) {
            throw new InvalidValueException("is a token of " + other);
        }
        listed.put(token.toLowerCase(Locale.ROOT), place);
        return token;
    }

    /**
     * Reports a token with the name of another client, apart from the case of letters: it would be mistaken for that client in
     * the log.
     */
    private void reportMisleading(String token, String place) {
        String other = places.get(token);
        if (other != null && !other.equals(place)) {
            problems.add(place + ": " + TOKEN_NAMES, "has the name of " + other);
        }
    }

    private void reportMisleading(ObjectReader client, String name, List<String> tokens, String place) {
        String other = listed.getOrDefault(name.toLowerCase(Locale.ROOT), place);
        if (!other.equals(place)) {
            client.problem(NAME, "is that of a token of " + other);
        }
        tokens.forEach(token -> reportMisleading(token.toLowerCase(Locale.ROOT), place));
    }

    /**
     * No client is unlimited by accident: one that neither its own budgets, nor those of the team that pays, nor those of the
     * organization limit gets {@code budget.default}. Budgets of tags, models and sessions limit no client.
     */
    private BudgetList withDefault(ObjectReader client, String name, BudgetList own, Membership membership) {
        boolean covered = organization.stream()
                        .anyMatch(budget -> budget.terms().enforces())
                || own.suffices()
                || membership.payer().map(team -> team.budgets().suffices()).orElse(false);
        if (covered) {
            return own;
        }
        if (byDefault.isEmpty()) {
            uncovered.add(name);
        }
        var added = byDefault.flatMap(each -> each.forClient(name, budgets.zone()));
        boolean isThere = added.isPresent()
                && own.budgets().stream()
                        .anyMatch(budget ->
                                budget.terms().period() == added.get().terms().period());
        if (isThere) {
            client.problem(
                    BudgetReader.MEMBER,
                    "has a budget that does not enforce, for the period of budget.default; make it enforce, or add the word "
                            + PolicySyntax.UNLIMITED);
            return own;
        }
        return new BudgetList(
                Stream.concat(own.budgets().stream(), added.stream()).toList(), false);
    }

    /**
     * The budgets of some models. Immutable.
     *
     * @param models the pattern of their names
     * @param budgets at most one for each period
     */
    public record ModelBudgets(ModelPattern models, List<Budget> budgets) {
        public ModelBudgets {
            budgets = List.copyOf(budgets);
        }

        /** The budgets in {@code all} that a request for this model charges: a date or a suffix does not evade a budget. */
        static List<Budget> of(String model, List<ModelBudgets> all) {
            if (all.isEmpty()) {
                return List.of();
            }
            String stripped = ModelSuffix.strip(model);
            return all.stream()
                    .filter(each -> each.models.matches(model) || each.models.matches(stripped))
                    .flatMap(each -> each.budgets.stream())
                    .toList();
        }
    }
}
