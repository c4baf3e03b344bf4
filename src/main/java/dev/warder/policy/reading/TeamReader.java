package dev.warder.policy.reading;

import dev.warder.policy.Access;
import dev.warder.policy.BudgetList;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.RateLimits;
import dev.warder.policy.Team;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Reads teams. One thread at a time. */
final class TeamReader {
    private static final String NAME = "name";
    private static final String EXTERNAL_ID = "external_id";
    private static final String MODELS = "models";
    private static final List<String> MEMBERS =
            List.of(NAME, EXTERNAL_ID, MODELS, BudgetReader.MEMBER, LimitReader.MEMBER);

    private final Problems problems;
    private final BudgetReader budgets;
    private final LimitReader limits;
    private final NameRegister names;
    private final NameRegister externalIds = new NameRegister();

    /** @param names the names of all principals */
    TeamReader(Problems problems, BudgetReader budgets, LimitReader limits, NameRegister names) {
        this.problems = problems;
        this.budgets = budgets;
        this.limits = limits;
        this.names = names;
    }

    /** Reads a team; empty if its name cannot be read. There may be problems with other members. */
    Optional<Team> read(String place, JsonObject object) {
        var team = ObjectReader.of(object, place, problems, MEMBERS);
        Optional<String> name = team.require(NAME, PolicySyntax::principalName);
        Optional<String> externalId = team.find(EXTERNAL_ID, PolicySyntax::externalId);
        var access = new Access(team.restrictions(MODELS, PolicySyntax::models), List.of());
        BudgetList own = budgets.budgetsOrUnlimited(team, BudgetScope.TEAM, name);
        RateLimits rates = limits.read(team);
        name.flatMap(text -> names.add(text, place)).ifPresent(other -> team.problem(NAME, clashesWith(other)));
        externalId
                .flatMap(id -> externalIds.add(id, place))
                .ifPresent(other -> team.problem(EXTERNAL_ID, clashesWith(other)));
        return name.map(text -> new Team(text, externalId, access, own, rates));
    }

    /** The reason for a name that occurs twice. */
    static String clashesWith(String other) {
        return "is that of " + other + ", apart from the case of letters";
    }
}
