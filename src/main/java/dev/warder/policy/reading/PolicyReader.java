package dev.warder.policy.reading;

import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Policy;
import dev.warder.policy.store.PolicyKind;
import dev.warder.policy.store.PolicyName;
import dev.warder.policy.store.StoredObject;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads a policy from {@code policy.file} and from objects of the database, which have the same form. A problem in the file
 * refuses the whole file. An object of the database with a problem is left out, as is one that the file has too: whatever the
 * file contains, the others stay usable, and the file decides. One thread at a time, for one policy.
 */
final class PolicyReader {
    /** Why an object of the database cannot be used that the file has too. */
    static final String OF_FILE = "policy.file has it too, and the file decides";

    private static final String VERSION = "version";

    private static final String ZONE = "zone";
    private static final String TEAMS = "teams";
    private static final String CLIENTS = "clients";
    private static final String TAGS = "tags";
    private static final String MODELS = "models";
    private static final List<String> MEMBERS = List.of(
            VERSION, ZONE, PolicyKind.ORGANIZATION.word(), TEAMS, CLIENTS, TAGS, MODELS, SharedBudgetReader.SESSIONS);

    private static final ZoneId UTC = ZoneId.of("UTC");

    private final Problems problems = new Problems();
    private final Optional<DefaultBudget> byDefault;
    private final ObjectReader document;
    private final BudgetReader budgets;
    private final LimitReader limits;
    private final TeamReader teamReader;
    private final ClientReader clientReader;
    private final SharedBudgetReader sharedReader;

    private final PolicyParts parts = new PolicyParts();
    private final TreeMap<PolicyName, String> unusable = new TreeMap<>();
    private List<String> uncoveredOfFile = List.of();

    private PolicyReader(Optional<JsonObject> file, Optional<DefaultBudget> byDefault) {
        this.byDefault = byDefault;
        document = ObjectReader.ofDocument(file.orElse(JsonValue.EMPTY_JSON_OBJECT), problems, MEMBERS);
        file.ifPresent(this::checkVersion);
        budgets = new BudgetReader(
                problems, document.find(ZONE, PolicySyntax::zone).orElse(UTC));
        limits = new LimitReader(problems);
        var names = new NameRegister();
        teamReader = new TeamReader(problems, budgets, limits, names);
        clientReader = new ClientReader(problems, budgets, limits, parts.teams(), names);
        sharedReader = new SharedBudgetReader(problems, budgets, limits);
    }

    /**
     * Reads the policy of a file alone.
     *
     * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
     * @throws InvalidValueException with all problems, at most 20 of them in words; each names its place
     */
    static Policy read(JsonObject file, Optional<DefaultBudget> byDefault) throws InvalidValueException {
        return read(Optional.of(file), List.of(), byDefault, version(file)).policy();
    }

    /**
     * Reads a policy.
     *
     * @param file empty without {@code policy.file}
     * @param stored the objects of the database
     * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
     * @param version the number of this content
     * @throws InvalidValueException with the problems of the file, at most 20 of them in words; each names its place
     */
    static ReadPolicy read(
            Optional<JsonObject> file, Collection<StoredObject> stored, Optional<DefaultBudget> byDefault, long version)
            throws InvalidValueException {
        var reader = new PolicyReader(file, byDefault);
        if (file.isPresent()) {
            reader.readFile();
        }
        reader.readStored(stored);
        return new ReadPolicy(reader.parts.policy(version), reader.unusable);
    }

    /** The version that a file states; 0 if it cannot be read. */
    static long version(JsonObject file) {
        return JsonTree.count(file, VERSION, 0);
    }

    private void checkVersion(JsonObject file) {
        if (version(file) < 1) {
            document.problem(VERSION, "must be a whole number from 1, of at most 15 digits and without quotes");
        }
    }

    private void readFile() throws InvalidValueException {
        document.object(PolicyKind.ORGANIZATION.word()).ifPresent(each -> parts.add(organization(each)));
        document.objects(
                TEAMS, "team", (place, object) -> teamReader.read(place, object).ifPresent(parts::add));
        document.objects(
                TAGS, "tag", (place, object) -> sharedReader.tag(place, object).ifPresent(parts::add));
        document.objects(MODELS, "model", (place, object) -> sharedReader
                .model(place, object)
                .ifPresent(parts::add));
        document.object(SharedBudgetReader.SESSIONS).ifPresent(each -> parts.addSessions(sharedReader.sessions(each)));
        var defaults = new DefaultBudgetRule(byDefault, parts.organizationBudgets(), budgets.zone());
        document.objects(CLIENTS, "client", (place, object) -> clientReader
                .read(place, object, defaults)
                .ifPresent(parts::add));
        clientReader.reportMisleadingTokens();
        if (problems.isEmpty()) {
            // A budget that cannot be read limits no client, which is not worth a second problem.
            defaults.reportUncovered(problems, budgets.anyEnforces());
        }
        problems.throwIfAny();
        uncoveredOfFile = defaults.uncovered();
    }

    private void readStored(Collection<StoredObject> stored) {
        clientReader.endFile();
        var byKind = new EnumMap<PolicyKind, List<StoredObject>>(PolicyKind.class);
        for (var each : stored) {
            byKind.computeIfAbsent(each.name().kind(), kind -> new ArrayList<>())
                    .add(each);
        }
        for (var kind : PolicyKind.values()) {
            if (kind != PolicyKind.CLIENT) {
                byKind.getOrDefault(kind, List.of()).forEach(each -> readStored(each, () -> reading(each)));
            }
        }
        // Last, and with the budgets of an organization that may be in the database.
        var defaults = new DefaultBudgetRule(byDefault, parts.organizationBudgets(), budgets.zone());
        byKind.getOrDefault(PolicyKind.CLIENT, List.of())
                .forEach(each -> readStored(each, () -> readingClient(each, defaults)));
        if (budgets.anyEnforces()) {
            // Those of the file too: a budget in the database must not make a client unlimited that has none.
            leaveOut(defaults.uncovered());
            leaveOut(uncoveredOfFile);
        }
    }

    private void leaveOut(List<String> uncovered) {
        for (var name : uncovered) {
            if (parts.removeClient(name)) {
                unusable.put(PolicyName.client(name), DefaultBudgetRule.UNCOVERED);
            }
        }
    }

    /** @param reading reads the object, and returns how it becomes a part of the policy */
    private void readStored(StoredObject stored, Supplier<Runnable> reading) {
        if (parts.has(stored.name())) {
            unusable.put(stored.name(), OF_FILE);
            return;
        }
        var add = reading.get();
        String found = problems.take();
        if (found.isEmpty()) {
            add.run();
        } else {
            unusable.put(stored.name(), found);
        }
    }

    private Runnable reading(StoredObject stored) {
        String place = stored.name().text();
        var object = content(stored);
        return switch (stored.name().kind()) {
            case ORGANIZATION -> {
                var read = organization(object);
                yield () -> parts.add(read);
            }
            case SESSIONS -> {
                var read = sharedReader.sessions(object);
                yield () -> parts.addSessions(read);
            }
            case TEAM -> adding(teamReader.read(place, object), parts::add);
            case TAG -> adding(sharedReader.tag(place, object), parts::add);
            case MODEL -> adding(sharedReader.model(place, object), parts::add);
            case CLIENT -> throw new IllegalArgumentException("clients are read last");
        };
    }

    private Runnable readingClient(StoredObject stored, DefaultBudgetRule defaults) {
        return adding(clientReader.read(stored.name().text(), content(stored), defaults), parts::add);
    }

    private static JsonObject content(StoredObject stored) {
        return JsonTree.parseObject(stored.document()).orElse(JsonValue.EMPTY_JSON_OBJECT);
    }

    private static <T> Runnable adding(Optional<T> read, Consumer<T> add) {
        return () -> add.accept(read.orElseThrow());
    }

    private PolicyParts.Organization organization(JsonObject object) {
        var whole = ObjectReader.of(
                object, PolicyKind.ORGANIZATION.word(), problems, List.of(BudgetReader.MEMBER, LimitReader.MEMBER));
        List<Budget> own = budgets.terms(whole).stream()
                .map(terms -> new Budget(BudgetScope.ORGANIZATION, "", terms))
                .toList();
        return new PolicyParts.Organization(own, limits.read(whole));
    }
}
