package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.LiveText;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** Reads the content of {@code policy.file}, or reports everything that is wrong with it. One thread at a time. */
final class PolicyFile {
    private static final String VERSION = "version";
    private static final String ZONE = "zone";
    private static final String ORGANIZATION = "organization";
    private static final String TEAMS = "teams";
    private static final String CLIENTS = "clients";
    private static final List<String> MEMBERS =
            List.of(VERSION, ZONE, ORGANIZATION, TEAMS, CLIENTS, "tags", "models", "sessions");
    /** More than 10,000 clients need. The tree of a file takes many times its size. */
    private static final int MOST_BYTES = 4 << 20;

    private static final ZoneId UTC = ZoneId.of("UTC");

    private final Problems problems = new Problems();
    private final JsonObject object;

    private PolicyFile(JsonObject object) {
        this.object = object;
    }

    /**
     * The policy of a file.
     *
     * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
     * @throws InvalidValueException with all problems, at most 20 of them in words; each names its place
     */
    static Policy parse(byte[] content, Optional<DefaultBudget> byDefault) throws InvalidValueException {
        if (content.length > MOST_BYTES) {
            throw new InvalidValueException("is larger than 4 MiB");
        }
        Optional<JsonObject> document = JsonTree.parseWholeDistinctObject(LiveText.decode(content));
        if (document.isEmpty()) {
            throw new InvalidValueException("is not one JSON object, or has two members of one name");
        }
        var file = new PolicyFile(document.get());
        Policy policy = file.read(byDefault);
        file.problems.throwIfAny();
        return policy;
    }

    private Policy read(Optional<DefaultBudget> byDefault) {
        var document = ObjectReader.ofDocument(object, problems, MEMBERS);
        long version = version(document);
        var budgets = new BudgetReader(
                problems, document.find(ZONE, PolicySyntax::zone).orElse(UTC));
        var limits = new LimitReader(problems);
        Optional<ObjectReader> whole = document.object(ORGANIZATION)
                .map(each -> ObjectReader.of(
                        each, ORGANIZATION, problems, List.of(BudgetReader.MEMBER, LimitReader.MEMBER)));
        List<Budget> organization =
                whole.map(each -> organization(each, budgets)).orElse(List.of());
        RateLimits organizationLimits = whole.map(limits::read).orElse(RateLimits.NONE);
        var names = new NameRegister();
        var teams = new TeamReader(problems, budgets, limits, names);
        document.objects(TEAMS, "team", teams::read);
        var sharedReader = new SharedBudgetReader(problems, budgets, limits);
        SharedBudgets shared = sharedReader.read(document, organization);
        var defaults = new DefaultBudgetRule(byDefault, organization, budgets.zone());
        var clients = new ClientReader(problems, budgets, limits, teams.teams(), names, defaults);
        document.objects(CLIENTS, "client", clients::read);
        clients.reportMisleadingTokens();
        if (problems.isEmpty()) {
            // A budget that cannot be read limits no client, which is not worth a second problem.
            defaults.reportUncovered(problems, budgets.anyEnforces());
        }
        return new Policy(
                version,
                List.copyOf(teams.teams().values()),
                clients.principals(),
                shared,
                sharedReader.limits(organizationLimits));
    }

    private long version(ObjectReader document) {
        long version = JsonTree.count(object, VERSION, 0);
        if (version < 1) {
            document.problem(VERSION, "must be a whole number from 1, of at most 15 digits and without quotes");
        }
        return version;
    }

    private static List<Budget> organization(ObjectReader organization, BudgetReader budgets) {
        return budgets.terms(organization).stream()
                .map(terms -> new Budget(BudgetScope.ORGANIZATION, "", terms))
                .toList();
    }
}
