package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.NameHint;
import dev.warder.config.ValueSyntax;
import dev.warder.policy.PolicyReader.NameRegister;
import dev.warder.policy.Principal.PrincipalKind;
import jakarta.json.JsonObject;
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
    private final NameRegister externalIds = new NameRegister();
    private final Map<String, String> owners = new HashMap<>();
    /** The places of clients by the items of {@code token_names} in lower case, in the order of the file. */
    private final Map<String, String> listed = new LinkedHashMap<>();

    private final Map<String, String> places = new HashMap<>();

    private final boolean isFile;

    /**
     * Creates it.
     *
     * @param teams all teams by name; more of them may come
     * @param names the names of all principals
     * @param isFile whether they are those of a file, and not of the database
     */
    ClientReader(
            Problems problems,
            BudgetReader budgets,
            LimitReader limits,
            Map<String, Team> teams,
            NameRegister names,
            boolean isFile) {
        this.problems = problems;
        this.budgets = budgets;
        this.limits = limits;
        this.teams = teams;
        this.names = names;
        this.isFile = isFile;
    }

    /**
     * Reads a client; empty if it cannot be read. There may be problems with other members than those that every client needs.
     *
     * @param defaultBudget gives it the budget that it has by default
     */
    Optional<Principal> read(String place, JsonObject object, DefaultBudgetRule defaultBudget) {
        var client = ObjectReader.of(object, place, problems, MEMBERS);
        Optional<String> name = client.require(NAME, PolicySyntax::principalName);
        Optional<PrincipalKind> kind = client.require(KIND, ValueSyntax.oneOf(List.of(PrincipalKind.values())));
        Optional<String> externalId = client.find(EXTERNAL_ID, PolicySyntax::externalId);
        externalIds.add(externalId, client, EXTERNAL_ID, place);
        var membership = membership(client);
        var access = new Access(
                client.restrictions(MODELS, PolicySyntax::models), client.restrictions(PATHS, PathPattern::parse));
        List<String> tags = client.list(TAGS, PolicySyntax::tag);
        BudgetList own = budgets.budgetsOrUnlimited(client, BudgetScope.CLIENT, name);
        RateLimits rates = limits.read(client);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        names.add(name, client, NAME, place);
        List<String> tokens = tokenNames(client, name.get(), place);
        if (!isFile) {
            reportMisleading(client, name.get(), tokens, place);
        }
        BudgetList all = defaultBudget.complete(client, name.get(), own, membership);
        return kind.map(
                each -> new Principal(name.get(), each, externalId, tokens, membership, access, tags, all, rates));
    }

    /**
     * Reports tokens with the name of another client, apart from the case of letters: they would be mistaken for that
     * client in the log.
     */
    void reportMisleadingTokens() {
        listed.forEach(this::reportMisleading);
    }

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
     * The teams of a client. Immutable.
     *
     * @param teams all its teams, in the order of the file
     * @param payer the one that pays; empty only for a client without a team
     */
    public record Membership(List<Team> teams, Optional<Team> payer) {
        /** Copies the list; refuses a payer that is none of the teams, and teams without a payer. */
        public Membership {
            teams = List.copyOf(teams);
            if (payer.isPresent() ? !teams.contains(payer.get()) : !teams.isEmpty()) {
                throw new IllegalArgumentException("one of the teams must pay");
            }
        }
    }
}
