package dev.warder.adminapi;

import dev.warder.adminapi.RefusedChangeException.Cause;
import dev.warder.auth.Client;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.IssuedTokens.IssuedToken;
import dev.warder.auth.Right;
import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelPattern;
import dev.warder.config.Network;
import dev.warder.policy.Access;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Policy;
import dev.warder.policy.PolicyName;
import dev.warder.policy.Principal;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.StoredPolicy.StoredToken;
import dev.warder.policy.TokenTerms;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * An access token grants nothing that it lacks. The rights, models, paths, networks and end of each token that it creates or
 * changes lie within its own, and so do the models and paths of clients and teams. The models and paths of its client and of the
 * team that pays limit it too. {@code admin.token} may grant everything. Thread-safe.
 *
 * @param clients has the tokens of {@code clients.file}
 * @param policy reads what a change would make
 */
record GrantRule(ClientDirectory clients, LivePolicy policy) {
    /**
     * Checks all rows that a change writes.
     *
     * @param asker the caller with an access token; empty for {@code admin.token}
     * @throws RefusedChangeException if a row has more than the caller
     */
    void check(Optional<Client> asker, StoredPolicy before, StoredPolicy.Changes changes)
            throws RefusedChangeException {
        if (asker.isEmpty() || changes.isEmpty()) {
            return;
        }
        var own = terms(document(asker.get(), before));
        var limits = limits(own, asker.get().principal());
        boolean isConfined = limits.stream()
                .anyMatch(each -> each.limitsModels() || !each.paths().isEmpty());
        // Reading a policy takes long, and is of no use for a caller that may use all models and paths.
        var now = isConfined ? policy.read(before).policy() : Policy.NOTHING;
        var after = isConfined ? policy.read(before.with(changes)).policy() : Policy.NOTHING;
        for (var token : changes.tokens()) {
            if (token.isValid()) {
                var given = terms(token.terms());
                checkToken(own, given);
                checkAccess(limits, limits(given, client(after, token.client())), true);
            }
        }
        for (var object : changes.objects()) {
            boolean isClient = object.name().kind() == PolicyName.Kind.CLIENT;
            if (isConfined && (isClient || object.name().kind() == PolicyName.Kind.TEAM)) {
                var then = Limited.find(after, object.name());
                // What cannot be used cannot be checked. What stays as it was is not granted.
                require("models", then.isPresent());
                if (!then.equals(Limited.find(now, object.name()))) {
                    checkAccess(limits, then.get().access(), isClient);
                }
            }
        }
    }

    /** The terms of the caller's token in the content that is changed, which may be newer than those by which it was admitted. */
    private JsonObject document(Client asker, StoredPolicy before) throws RefusedChangeException {
        Optional<JsonObject> found = asker.issued().isEmpty()
                ? clients.termsInFile(asker.tokenName())
                : asker.issued()
                        .flatMap(token -> before.token(token.id()))
                        .filter(StoredToken::isValid)
                        .map(StoredToken::terms);
        return found.orElseThrow(
                () -> new RefusedChangeException(Cause.FORBIDDEN, "The access token of this request is revoked."));
    }

    private static TokenTerms<Right> terms(JsonObject document) throws RefusedChangeException {
        try {
            return IssuedToken.read(document);
        } catch (InvalidValueException unknown) {
            throw new RefusedChangeException(Cause.INVALID, unknown.reason());
        }
    }

    private static List<Access> limits(TokenTerms<Right> terms, Optional<Principal> client) {
        return Stream.concat(Stream.of(terms.access()), client.stream().flatMap(GrantRule::limits))
                .toList();
    }

    private static Stream<Access> limits(Principal client) {
        return Stream.concat(Stream.of(client.access()), client.membership().payer().map(Policy.Team::access).stream());
    }

    /** The limits of a client or a team, and the tokens that are a client's own. */
    private record Limited(Set<String> holders, List<Access> access) {
        static Optional<Limited> find(Policy policy, PolicyName name) {
            return name.kind() == PolicyName.Kind.CLIENT
                    ? client(policy, name.name())
                            .map(client -> new Limited(
                                    Set.copyOf(client.tokenNames()),
                                    limits(client).toList()))
                    : policy.teams().stream()
                            .filter(team -> team.name().equals(name.name()))
                            .findFirst()
                            .map(team -> new Limited(Set.of(), List.of(team.access())));
        }
    }

    private static void checkToken(TokenTerms<Right> own, TokenTerms<Right> given) throws RefusedChangeException {
        var rights = IssuedToken.rights(own);
        require(
                "rights",
                IssuedToken.rights(given).stream()
                        .allMatch(right -> right == Right.ADMIN_READ || rights.contains(right)));
        require(
                "expires",
                own.expires().isEmpty()
                        || given.expires()
                                .filter(end -> !end.isAfter(own.expires().get()))
                                .isPresent());
        require("networks", isWithin(own.networks(), given.networks(), Network::covers));
    }

    private static void checkAccess(List<Access> own, List<Access> given, boolean withPaths)
            throws RefusedChangeException {
        for (var mine : own) {
            require(
                    "models",
                    !mine.limitsModels()
                            || given.stream()
                                    .anyMatch(each -> isWithin(mine.models(), each.models(), ModelPattern::covers)));
            require(
                    "paths",
                    !withPaths
                            || given.stream()
                                    .anyMatch(
                                            each -> isWithin(mine.paths(), each.paths(), Access.PathPattern::covers)));
        }
    }

    private static Optional<Principal> client(Policy policy, String name) {
        return policy.entryOfClient(name, List.of()).map(Policy.Entry::principal);
    }

    private static <T> boolean isWithin(List<T> own, List<T> given, BiPredicate<T, T> covers) {
        return own.isEmpty()
                || !given.isEmpty()
                        && given.stream().allMatch(each -> own.stream().anyMatch(mine -> covers.test(mine, each)));
    }

    private static void require(String member, boolean holds) throws RefusedChangeException {
        if (!holds) {
            throw new RefusedChangeException(
                    Cause.FORBIDDEN,
                    member + ": must not exceed what the access token of this request has itself; use admin.token.");
        }
    }
}
