package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.NameHint;
import dev.warder.config.ValueSyntax;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads clients. One thread at a time. */
final class ClientReader {
    private static final String NAME = "name";
    private static final String KIND = "kind";
    private static final String EXTERNAL_ID = "external_id";
    private static final String TOKEN_NAMES = "token_names";
    private static final String TEAMS = "teams";
    private static final String PAYER = "payer";
    private static final String MODELS = "models";
    private static final String PATHS = "paths";
    private static final String TAGS = "tags";
    private static final List<String> MEMBERS = List.of(
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
            LimitReader.MEMBER);

    private final Problems problems;
    private final BudgetReader budgets;
    private final LimitReader limits;
    private final Map<String, Team> teams;
    private final NameRegister names;
    private final DefaultBudgetRule defaultBudget;
    private final NameRegister externalIds = new NameRegister();
    /** The places of clients by the names of their tokens. */
    private final Map<String, String> owners = new HashMap<>();
    /** Those of them that are items of {@code token_names}, in the order of the file. */
    private final Map<String, String> listed = new LinkedHashMap<>();
    /** The places of clients by their own names in lower case. */
    private final Map<String, String> places = new HashMap<>();

    private final List<Principal> principals = new ArrayList<>();

    /**
     * Creates it.
     *
     * @param teams all teams by name
     * @param names the names of all principals
     */
    ClientReader(
            Problems problems,
            BudgetReader budgets,
            LimitReader limits,
            Map<String, Team> teams,
            NameRegister names,
            DefaultBudgetRule defaultBudget) {
        this.problems = problems;
        this.budgets = budgets;
        this.limits = limits;
        this.teams = teams;
        this.names = names;
        this.defaultBudget = defaultBudget;
    }

    /** The clients that were read. */
    List<Principal> principals() {
        return principals;
    }

    /** Reads a client. */
    void read(String place, JsonObject object) {
        var client = ObjectReader.of(object, place, problems, MEMBERS);
        Optional<String> name = client.require(NAME, PolicySyntax::principalName);
        Optional<PrincipalKind> kind = client.require(KIND, ValueSyntax.oneOf(List.of(PrincipalKind.values())));
        Optional<String> externalId = externalId(client, place);
        var membership = membership(client);
        var access = new Access(
                client.restrictions(MODELS, PolicySyntax::models), client.restrictions(PATHS, PathPattern::parse));
        List<String> tags = client.list(TAGS, PolicySyntax::tag);
        BudgetList own = budgets.budgetsOrUnlimited(client, BudgetScope.CLIENT, name);
        RateLimits rates = limits.read(client);
        if (name.isEmpty()) {
            return;
        }
        names.add(name.get(), place).ifPresent(other -> client.problem(NAME, TeamReader.clashesWith(other)));
        List<String> tokens = tokenNames(client, name.get(), place);
        BudgetList all = defaultBudget.complete(client, name.get(), own, membership);
        kind.ifPresent(each -> principals.add(
                new Principal(name.get(), each, externalId, tokens, membership, access, tags, all, rates)));
    }

    /**
     * Reports tokens with the name of another client, apart from the case of letters: they would be mistaken for that
     * client in the log.
     */
    void reportMisleadingTokens() {
        listed.forEach((token, place) -> {
            String other = places.get(token.toLowerCase(Locale.ROOT));
            if (other != null && !other.equals(place)) {
                problems.add(place + ": " + TOKEN_NAMES, "has the name of " + other);
            }
        });
    }

    private Optional<String> externalId(ObjectReader client, String place) {
        Optional<String> id = client.find(EXTERNAL_ID, PolicySyntax::externalId);
        id.flatMap(text -> externalIds.add(text, place))
                .ifPresent(other -> client.problem(EXTERNAL_ID, TeamReader.clashesWith(other)));
        return id;
    }

    private Membership membership(ObjectReader client) {
        List<Team> own = client.list(TEAMS, this::team);
        Optional<Team> payer = client.find(PAYER, text -> payer(text, own));
        if (client.value(PAYER).isEmpty() && own.size() > 1) {
            client.problem(PAYER, "is missing: one of several teams must pay");
        }
        // After a problem any team will do, because the file is refused.
        return new Membership(own, payer.or(() -> own.stream().findFirst()));
    }

    private Team team(String name) throws InvalidValueException {
        Team team = teams.get(name);
        if (team == null) {
            String hint = problems.isListed() && PolicySyntax.isName(name)
                    ? NameHint.nearest(name, teams.keySet())
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("")
                    : "";
            throw new InvalidValueException("is not the name of a team" + hint);
        }
        return team;
    }

    private static Team payer(String name, List<Team> own) throws InvalidValueException {
        return own.stream()
                .filter(team -> team.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("is not one of the client's teams"));
    }

    /** Most clients have one token, which has their name. */
    private List<String> tokenNames(ObjectReader client, String name, String place) {
        places.put(name.toLowerCase(Locale.ROOT), place);
        if (client.value(TOKEN_NAMES).isPresent()) {
            return client.list(TOKEN_NAMES, text -> ownToken(PolicySyntax.name(text), place));
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
        listed.put(token, place);
        return token;
    }
}
