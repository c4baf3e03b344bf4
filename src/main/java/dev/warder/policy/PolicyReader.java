package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelPattern;
import dev.warder.config.ModelSuffix;
import dev.warder.json.JsonTree;
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

/**
 * Reads a policy from {@code policy.file}, or from objects of the database, which have the same form. A problem in the file
 * refuses the whole file. An object of the database with a problem is left out, and the others stay usable. One thread at a
 * time, for one policy.
 */
final class PolicyReader {
    private static final String VERSION = "version";
    private static final String ZONE = "zone";
    private static final String NAME = "name";
    private static final String EXTERNAL_ID = "external_id";
    private static final String MODELS = "models";
    private static final List<String> MEMBERS =
            List.of(VERSION, ZONE, "organization", "teams", "clients", "tags", MODELS, "sessions");
    /** In the order in which a file is read. Clients are the last, with all teams and with the budgets of the organization. */
    private static final List<PolicyKind> KINDS = List.of(
            PolicyKind.ORGANIZATION,
            PolicyKind.TEAM,
            PolicyKind.TAG,
            PolicyKind.MODEL,
            PolicyKind.SESSIONS,
            PolicyKind.CLIENT);

    private static final ZoneId UTC = ZoneId.of("UTC");

    private final Problems problems = new Problems();
    private final Optional<DefaultBudget> byDefault;
    private final ObjectReader document;
    private final BudgetReader budgets;
    private final LimitReader limits;
    private final ClientReader clientReader;

    private final NameRegister names = new NameRegister();
    private final NameRegister externalIds = new NameRegister();
    private final NameRegister tagNames = new NameRegister();
    private final NameRegister modelNames = new NameRegister();

    private final Map<String, Team> teams = new LinkedHashMap<>();
    private final Map<String, Principal> principals = new LinkedHashMap<>();
    private final Map<String, List<Budget>> tags = new HashMap<>();
    private final List<ModelBudgets> models = new ArrayList<>();
    private final List<OwnedLimits> modelLimits = new ArrayList<>();
    private List<BudgetTerms> sessions = List.of();
    private List<Budget> organization = List.of();
    private RateLimits organizationLimits = RateLimits.NONE;
    private Optional<DefaultBudgetRule> defaults = Optional.empty();

    private PolicyReader(JsonObject file, boolean isFile, Optional<DefaultBudget> byDefault) {
        this.byDefault = byDefault;
        document = ObjectReader.ofDocument(file, problems, MEMBERS);
        if (isFile && version(file) < 1) {
            document.problem(VERSION, "must be a whole number from 1, of at most 15 digits and without quotes");
        }
        budgets = new BudgetReader(
                problems, document.find(ZONE, PolicySyntax::zone).orElse(UTC));
        limits = new LimitReader(problems);
        clientReader = new ClientReader(problems, budgets, limits, teams, names, isFile);
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
                new SharedTerms(organization, tags, models, sessions, organizationLimits, modelLimits));
    }

    private void readFile() throws InvalidValueException {
        for (var kind : KINDS) {
            if (kind.single()) {
                document.object(kind.word())
                        .ifPresent(each -> read(kind, kind.word(), each).run());
            } else {
                document.objects(kind.word() + "s", kind.word(), (place, each) -> read(kind, place, each)
                        .run());
            }
        }
        clientReader.reportMisleadingTokens();
        if (problems.isEmpty()) {
            // A budget that cannot be read limits no client, which is not worth a second problem.
            defaults().reportUncovered(problems, budgets.anyEnforces());
        }
        problems.throwIfAny();
    }

    private SortedMap<PolicyName, String> readStored(Collection<StoredObject> stored) {
        var unusable = new TreeMap<PolicyName, String>();
        for (var kind : KINDS) {
            for (var each : stored) {
                if (each.name().kind() == kind) {
                    var content = JsonTree.parseObject(each.document()).orElse(JsonValue.EMPTY_JSON_OBJECT);
                    var add = read(kind, each.name().text(), content);
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
            for (var name : defaults().uncovered()) {
                if (principals.remove(name) != null) {
                    unusable.put(PolicyName.client(name), DefaultBudgetRule.UNCOVERED);
                }
            }
        }
        return unusable;
    }

    private DefaultBudgetRule defaults() {
        if (defaults.isEmpty()) {
            defaults = Optional.of(new DefaultBudgetRule(byDefault, organization, budgets.zone()));
        }
        return defaults.get();
    }

    /** Reads an object, and returns how it becomes a part of the policy. There may be problems. */
    private Runnable read(PolicyKind kind, String place, JsonObject object) {
        return switch (kind) {
            case ORGANIZATION -> organization(place, object);
            case SESSIONS -> {
                var read = budgets.terms(ObjectReader.of(object, place, problems, List.of(BudgetReader.MEMBER)));
                yield () -> sessions = read;
            }
            case TEAM -> team(place, object);
            case TAG -> tag(place, object);
            case MODEL -> model(place, object);
            case CLIENT -> {
                var read = clientReader.read(place, object, defaults());
                yield () -> read.ifPresent(client -> principals.put(client.name(), client));
            }
        };
    }

    private Runnable organization(String place, JsonObject object) {
        var whole = ObjectReader.of(object, place, problems, List.of(BudgetReader.MEMBER, LimitReader.MEMBER));
        var own = budgets.budgets(whole, BudgetScope.ORGANIZATION, Optional.of(""));
        var rates = limits.read(whole);
        return () -> {
            organization = own;
            organizationLimits = rates;
        };
    }

    private Runnable team(String place, JsonObject object) {
        var team = ObjectReader.of(
                object, place, problems, List.of(NAME, EXTERNAL_ID, MODELS, BudgetReader.MEMBER, LimitReader.MEMBER));
        var name = team.require(NAME, PolicySyntax::principalName);
        var externalId = team.find(EXTERNAL_ID, PolicySyntax::externalId);
        var access = new Access(team.restrictions(MODELS, PolicySyntax::models), List.of());
        var own = budgets.budgetsOrUnlimited(team, BudgetScope.TEAM, name);
        var rates = limits.read(team);
        names.add(name, team, NAME, place);
        externalIds.add(externalId, team, EXTERNAL_ID, place);
        return () -> name.ifPresent(text -> teams.putIfAbsent(text, new Team(text, externalId, access, own, rates)));
    }

    private Runnable tag(String place, JsonObject object) {
        var tag = ObjectReader.of(object, place, problems, List.of(NAME, BudgetReader.MEMBER));
        var name = tag.require(NAME, PolicySyntax::tag);
        // Without a budget the entry would have no meaning.
        if (tag.value(BudgetReader.MEMBER).isEmpty()) {
            tag.problem(BudgetReader.MEMBER, "is missing");
        }
        var own = budgets.budgets(tag, BudgetScope.TAG, name);
        tagNames.add(name, tag, NAME, place);
        return () -> name.ifPresent(text -> tags.put(text, own));
    }

    private Runnable model(String place, JsonObject object) {
        var model = ObjectReader.of(object, place, problems, List.of(NAME, BudgetReader.MEMBER, LimitReader.MEMBER));
        Optional<ModelPattern> pattern = model.require(NAME, PolicySyntax::models);
        Optional<String> name = pattern.isPresent() ? model.find(NAME, text -> text) : Optional.empty();
        if (model.value(BudgetReader.MEMBER).isEmpty()
                && model.value(LimitReader.MEMBER).isEmpty()) {
            model.problem(BudgetReader.MEMBER, "is missing, and so is " + LimitReader.MEMBER);
        }
        var own = budgets.budgets(model, BudgetScope.MODEL, name);
        var rates = limits.read(model);
        modelNames.add(name, model, NAME, place);
        return () -> name.ifPresent(text -> {
            models.add(new ModelBudgets(pattern.orElseThrow(), own));
            if (!rates.equals(RateLimits.NONE)) {
                modelLimits.add(new OwnedLimits(BudgetScope.MODEL, text, rates, pattern));
            }
        });
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

    /** Finds names that occur twice, apart from the case of letters. One thread at a time. */
    static final class NameRegister {
        private final Map<String, String> places = new HashMap<>();

        void add(Optional<String> name, ObjectReader owner, String member, String place) {
            name.flatMap(text -> Optional.ofNullable(places.putIfAbsent(text.toLowerCase(Locale.ROOT), place)))
                    .ifPresent(
                            other -> owner.problem(member, "is that of " + other + ", apart from the case of letters"));
        }
    }
}
