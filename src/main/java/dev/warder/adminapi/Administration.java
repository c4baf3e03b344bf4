package dev.warder.adminapi;

import dev.warder.adminapi.AuditedChanges.Edited;
import dev.warder.adminapi.PrincipalView.ObjectDocument;
import dev.warder.adminapi.RefusedChangeException.Cause;
import dev.warder.auth.AccessToken;
import dev.warder.auth.Client;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.IssuedTokens.IssuedToken;
import dev.warder.config.InvalidValueException;
import dev.warder.http.Sha256;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import dev.warder.policy.AuditEntry;
import dev.warder.policy.AuditTable;
import dev.warder.policy.DefaultBudget;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.PolicyFollower;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.StoredPolicy.StoredObject;
import dev.warder.policy.StoredPolicy.StoredToken;
import dev.warder.policy.TokenTerms;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Administrators' changes in the database. All methods wait for the database and throw {@link SQLException} if it cannot be
 * used now. Thread-safe.
 */
public final class Administration {
    private static final String NAME = "name";

    private final PolicyFollower follower;
    private final ClientDirectory clients;
    /** Where administrators only prepare what the database has, a policy of this object's own, which reads it and is never in use. */
    private final LivePolicy policy;

    private final boolean isInUse;
    private final Optional<DefaultBudget> byDefault;
    private final AuditedChanges changes;
    private final SecureRandom random = new SecureRandom();

    /**
     * Creates it.
     *
     * @param clients has {@code clients.file}, and the way in which tokens are hashed
     * @param live the policy in use, if what the database has is a part of it; otherwise administrators only prepare it
     * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
     */
    public Administration(
            PolicyFollower follower,
            ClientDirectory clients,
            Optional<LivePolicy> live,
            Optional<DefaultBudget> byDefault) {
        this.follower = follower;
        this.clients = clients;
        this.policy = live.orElseGet(() -> LivePolicy.ofDatabase(byDefault));
        this.isInUse = live.isPresent();
        this.byDefault = byDefault;
        this.changes = new AuditedChanges(follower, policy, new GrantRule(clients, policy));
    }

    /**
     * Who asks for a change, and how the request is known if it is repeated.
     *
     * @param asker the caller with an access token, which limits what it may grant; empty for {@code admin.token}
     * @param idempotency empty if a repetition is another change
     */
    public record Request(AuditEntry.Actor actor, Optional<Client> asker, Optional<IdempotencyKey> idempotency) {}

    /**
     * The result of a change.
     *
     * @param isRepeated whether the change was made by an earlier request with the same idempotency key
     */
    public record Changed(Result result, boolean isRepeated) {}

    /**
     * A token that was created.
     *
     * @param secret the token itself, to be shown once; empty if an earlier request with the same idempotency key has
     * created it
     */
    public record Created(Result result, Optional<AccessToken> secret) {}

    public Changed create(PolicyName name, JsonObject definition, Request request)
            throws SQLException, RefusedChangeException {
        return changes.make(request, (before, revision, at) -> {
            if (before.objects().containsKey(name)) {
                throw new RefusedChangeException(Cause.CLASH, name + " exists already.");
            }
            return written(before, name, definition, revision, at);
        });
    }

    public Changed put(PolicyName name, JsonObject definition, Condition condition, Request request)
            throws SQLException, RefusedChangeException {
        return changes.make(request, (before, revision, at) -> {
            var found = before.find(name);
            if (found.isPresent()) {
                condition.require(found.get().revision());
            } else if (condition.isStated()) {
                throw new RefusedChangeException(Cause.CHANGED, name + " does not exist.");
            }
            return written(before, name, definition, revision, at);
        });
    }

    /** Changes some members (RFC 7396) of the version that the caller has read. */
    public Changed merge(PolicyName name, JsonObject patch, Condition condition, Request request)
            throws SQLException, RefusedChangeException {
        return changes.make(request, (before, revision, at) -> {
            var found = find(before, name);
            condition.require(found.revision());
            return written(before, name, JsonTree.merge(found.definition(), patch), revision, at);
        });
    }

    /**
     * Changes the newest definition of an object; the organization and the sessions are created if need be.
     *
     * @param change makes the new definition; it may be called again
     */
    public Changed update(PolicyName name, UnaryOperator<JsonObject> change, Request request)
            throws SQLException, RefusedChangeException {
        return changes.make(request, (before, revision, at) -> {
            var found = name.kind().single() ? before.find(name) : Optional.of(find(before, name));
            var definition = found.map(StoredObject::definition).orElse(JsonValue.EMPTY_JSON_OBJECT);
            return written(before, name, change.apply(definition), revision, at);
        });
    }

    /** Whether an earlier request with the same idempotency key has made a change. */
    public boolean isRepeated(Request request) throws SQLException, RefusedChangeException {
        return changes.isRepeated(request);
    }

    private static Edited written(
            StoredPolicy before, PolicyName name, JsonObject definition, long revision, Instant at)
            throws RefusedChangeException {
        String document = named(name, definition).toString();
        var found = before.find(name);
        if (found.isEmpty()) {
            checkTokens(before, Set.of(name));
        }
        var created = found.map(StoredObject::createdAt).orElse(at);
        var object = new StoredObject(name, document, revision, created, at);
        var shown = JsonDocuments.text(ObjectDocument.of(object, Optional.empty()));
        return new Edited(
                StoredPolicy.Changes.of(revision, List.of(object), List.of(), List.of()),
                new Result(found.isEmpty(), revision, shown));
    }

    private static JsonObject named(PolicyName name, JsonObject definition) throws RefusedChangeException {
        if (name.kind().single()) {
            return definition;
        }
        var stated = definition.get(NAME);
        if (stated == null) {
            return JsonTree.newObject(
                            JsonTree.newObject().add(NAME, name.name()).build())
                    .addAll(JsonTree.newObject(definition))
                    .build();
        }
        if (!stated.equals(JsonTree.string(name.name()))) {
            throw new RefusedChangeException(
                    Cause.INVALID, "name: must be that of the path, since it cannot be changed.");
        }
        return definition;
    }

    public Changed remove(PolicyName name, Condition condition, Request request)
            throws SQLException, RefusedChangeException {
        return changes.make(request, (before, revision, at) -> {
            var found = find(before, name);
            condition.check(found.revision());
            List<StoredToken> revoked = before.tokens().values().stream()
                    .filter(token -> isOf(token, name))
                    .map(token -> token.revoked(revision, at))
                    .toList();
            return new Edited(
                    StoredPolicy.Changes.of(revision, List.of(), List.of(name), revoked),
                    new Result(false, revision, JsonDocuments.text(ObjectDocument.of(found, Optional.empty()))));
        });
    }

    private static StoredObject find(StoredPolicy before, PolicyName name) throws RefusedChangeException {
        return before.find(name)
                .orElseThrow(
                        () -> new RefusedChangeException(Cause.NOT_FOUND, name + " does not exist in the database."));
    }

    private static boolean isOf(StoredToken token, PolicyName name) {
        return token.isValid() && name.equals(PolicyName.client(token.client()));
    }

    /**
     * Refuses new clients that would get the tokens of an earlier one of their name, or have the name of a token of another
     * one.
     */
    static void checkTokens(StoredPolicy before, Set<PolicyName> names) throws RefusedChangeException {
        var clients = new HashMap<String, PolicyName>();
        names.stream()
                .filter(name -> name.kind() == PolicyName.Kind.CLIENT)
                .forEach(name -> clients.put(name.name().toLowerCase(Locale.ROOT), name));
        if (clients.isEmpty()) {
            return;
        }
        for (var token : before.tokens().values()) {
            if (token.isValid()) {
                var owner = PolicyName.client(token.client());
                if (names.contains(owner)) {
                    throw new RefusedChangeException(
                            Cause.CLASH,
                            owner + ": the token " + token.id() + " of an earlier client of this name is not revoked.");
                }
                var other = Optional.ofNullable(clients.get(token.name().toLowerCase(Locale.ROOT)));
                if (other.isPresent()) {
                    throw new RefusedChangeException(
                            Cause.CLASH,
                            other.get() + ": is the name of the token " + token.id() + " of another client.");
                }
            }
        }
    }

    /**
     * Creates an access token.
     *
     * @param name of the token
     * @param client the name of the client that it belongs to
     * @param terms what it may be used for, see {@link dev.warder.policy.TokenTerms}
     */
    public Created createToken(String name, String client, JsonObject terms, Request request)
            throws SQLException, RefusedChangeException {
        var secret = AccessToken.generate(random);
        if (clients.isInFile(name, secret.id())) {
            throw new RefusedChangeException(Cause.CLASH, "name: is that of a token in clients.file.");
        }
        var identity = new StoredToken.Identity(
                secret.id(), name, client, clients.hash().hex(secret.reveal()));
        var changed = changes.make(request, (before, revision, at) -> {
            checkTerms(terms, Optional.of(at));
            checkName(secret.id(), name, client, before);
            if (before.find(PolicyName.client(client)).isEmpty()) {
                throw new RefusedChangeException(Cause.INVALID, "client: there is no client of this name.");
            }
            var token = StoredToken.created(identity, terms.toString(), revision, at);
            return edited(token, true);
        });
        return new Created(changed.result(), changed.isRepeated() ? Optional.empty() : Optional.of(secret));
    }

    /** Changes some terms (RFC 7396) of the version of a token that the caller has read. */
    public Changed mergeToken(String id, JsonObject patch, Condition condition, Request request)
            throws SQLException, RefusedChangeException {
        return changes.make(request, (before, revision, at) -> {
            var found = token(before, id);
            condition.require(found.revision());
            if (!found.isValid()) {
                throw new RefusedChangeException(Cause.CLASH, "The token is revoked.");
            }
            var terms = JsonTree.merge(found.terms(), patch);
            checkTerms(terms, Optional.empty());
            return edited(found.with(terms.toString(), revision, at), false);
        });
    }

    public Changed revokeToken(String id, Condition condition, Request request)
            throws SQLException, RefusedChangeException {
        return changes.make(request, (before, revision, at) -> {
            var found = token(before, id);
            condition.check(found.revision());
            if (!found.isValid()) {
                return new Edited(StoredPolicy.Changes.none(before), result(found, false));
            }
            return edited(found.revoked(revision, at), false);
        });
    }

    /**
     * Checks the terms of a token.
     *
     * @param at the present moment, which the end of a new token must not precede
     */
    static void checkTerms(JsonObject terms, Optional<Instant> at) throws RefusedChangeException {
        try {
            var end = IssuedToken.read(terms).expires();
            if (at.isPresent() && end.isPresent() && !end.get().isAfter(at.get())) {
                throw new RefusedChangeException(Cause.INVALID, "expires: must be in the future.");
            }
        } catch (InvalidValueException refused) {
            throw new RefusedChangeException(Cause.INVALID, refused.reason());
        }
    }

    private static void checkName(String id, String own, String client, StoredPolicy before)
            throws RefusedChangeException {
        try {
            TokenTerms.name(own);
        } catch (InvalidValueException refused) {
            throw new RefusedChangeException(Cause.INVALID, "name: " + refused.reason());
        }
        if (own.equalsIgnoreCase(Client.ADMINISTRATOR)) {
            throw new RefusedChangeException(Cause.INVALID, "name: must not be " + Client.ADMINISTRATOR + ".");
        }
        boolean isOther = !own.equalsIgnoreCase(client)
                && before.objects().keySet().stream()
                        .anyMatch(name -> name.kind() == PolicyName.Kind.CLIENT
                                && name.name().equalsIgnoreCase(own));
        if (isOther) {
            throw new RefusedChangeException(Cause.CLASH, "name: is that of another client.");
        }
        for (var token : before.tokens().values()) {
            if (token.isValid() && token.name().equalsIgnoreCase(own)) {
                throw new RefusedChangeException(
                        Cause.CLASH,
                        "name: is that of the token " + token.id() + "; revoke it, or choose another name.");
            }
            if (token.id().equals(id)) {
                throw new RefusedChangeException(Cause.CLASH, "id: is that of another token.");
            }
        }
    }

    private static Edited edited(StoredToken token, boolean isNew) {
        return new Edited(
                StoredPolicy.Changes.of(token.revision(), List.of(), List.of(), List.of(token)), result(token, isNew));
    }

    private static Result result(StoredToken token, boolean isNew) {
        return new Result(isNew, token.revision(), JsonDocuments.text(PrincipalView.TokenDocument.of(token)));
    }

    private static StoredToken token(StoredPolicy before, String id) throws RefusedChangeException {
        return before.token(id)
                .orElseThrow(() ->
                        new RefusedChangeException(Cause.NOT_FOUND, "There is no token of this id in the database."));
    }

    /**
     * Takes over what files have.
     *
     * @param policyFile the content of {@code policy.file}; empty for none
     * @param clientsFile the content of {@code clients.file}; empty for none
     */
    public Changed takeOver(Optional<JsonObject> policyFile, Optional<String> clientsFile, Request request)
            throws SQLException, RefusedChangeException {
        try {
            return changes.make(request, Import.read(policyFile, clientsFile, byDefault));
        } catch (InvalidValueException refused) {
            throw new RefusedChangeException(Cause.INVALID, "The file cannot be imported: " + refused.reason());
        }
    }

    public PrincipalView view() throws SQLException {
        var newest = follower.newest();
        var unusable = isInUse ? policy.unusable() : policy.read(newest).unusable();
        return new PrincipalView(newest, unusable);
    }

    /**
     * The entries of the audit after a number, in order.
     *
     * @param most how many at most
     */
    public List<AuditEntry> auditAfter(long number, int most) throws SQLException {
        return follower.read(handle -> AuditTable.after(handle, number, most));
    }

    /** Names the entries of the audit that this node has had and the database lacks; empty if there are none. */
    public Optional<String> auditMissing() throws SQLException {
        return follower.missing();
    }

    /**
     * The entries of the audit before a number, the newest first.
     *
     * @param part a part of the subject, regardless of the case of letters; empty for all
     * @param most how many at most
     */
    public AuditPart auditBefore(long number, String part, int most) throws SQLException {
        return follower.read(
                handle -> new AuditPart(AuditTable.before(handle, number, part, most), AuditTable.count(handle, part)));
    }

    /**
     * Some entries of the audit.
     *
     * @param found how many there are with the part of the subject that was searched for
     */
    public record AuditPart(List<AuditEntry> entries, long found) {
        public AuditPart {
            entries = List.copyOf(entries);
        }
    }

    /**
     * The entries of the audit before a number, the newest first, whose subjects have spend limits, or had asked for them.
     *
     * @param most how many at most
     */
    public List<AuditEntry> auditOfLimits(long before, int most) throws SQLException {
        return follower.read(handle -> AuditTable.ofLimits(handle, before, most));
    }

    public boolean isInUse() {
        return isInUse;
    }

    /**
     * The reply to the caller of a change. Immutable.
     *
     * @param isNew whether something was created
     * @param revision the revision of what was changed
     * @param document a JSON object; never with the secret of a token, which the caller may add once
     */
    public record Result(boolean isNew, long revision, String document) {
        @Override
        public String toString() {
            return "Result[revision " + revision + "]";
        }
    }

    /**
     * The version of an object that a caller wants to change ({@code If-Match}, RFC 9110, section 13.1.1). Immutable.
     *
     * @param any whether any version that exists will do
     * @param revision the revision that the caller has read; empty if it has stated none
     */
    public record Condition(boolean any, OptionalLong revision) {
        public static final Condition NONE = new Condition(false, OptionalLong.empty());

        public boolean isStated() {
            return any || revision.isPresent();
        }

        /**
         * Checks the version that is there.
         *
         * @throws RefusedChangeException if the caller wants to change another one
         */
        void check(long found) throws RefusedChangeException {
            if (revision.isPresent() && revision.getAsLong() != found) {
                throw new RefusedChangeException(
                        Cause.CHANGED, "It was changed since you have read it. Read it again, and repeat the change.");
            }
        }

        /**
         * Checks the version that is there, for a change that could undo that of another administrator.
         *
         * @throws RefusedChangeException if the caller has stated none, or another one
         */
        void require(long found) throws RefusedChangeException {
            if (!isStated()) {
                throw new RefusedChangeException(
                        Cause.UNCONDITIONAL,
                        "If-Match is missing: send the ETag of the version that you have read, or * for any version.");
            }
            check(found);
        }
    }

    /**
     * The mark of a repeated request ({@code Idempotency-Key}, draft-ietf-httpapi-idempotency-key-header). Immutable.
     *
     * @param id the hash of the caller's name and of the key or request: those of two callers are never the same
     * @param requestHash the hash of what is asked for
     */
    public record IdempotencyKey(String id, String requestHash) {
        private static final Pattern VALUE = Pattern.compile("[!-~]{1,255}");

        /**
         * Reads it; empty without the field.
         *
         * @param field what the caller sent
         * @param request method, path and body
         * @throws InvalidValueException if the field is malformed, with the reason for the caller
         */
        public static Optional<IdempotencyKey> read(String caller, Optional<String> field, String request)
                throws InvalidValueException {
            if (field.isEmpty()) {
                return Optional.empty();
            }
            String value = field.get();
            if (!VALUE.matcher(value).matches()) {
                throw new InvalidValueException("Idempotency-Key: must be 1 to 255 visible ASCII characters.");
            }
            return Optional.of(
                    new IdempotencyKey(Sha256.hex(caller.length() + ":" + caller + value), Sha256.hex(request)));
        }
    }
}
