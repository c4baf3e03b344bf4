package dev.warder.principal;

import dev.warder.auth.AccessToken;
import dev.warder.auth.Client;
import dev.warder.auth.ClientDirectory;
import dev.warder.config.InvalidValueException;
import dev.warder.policy.Actor;
import dev.warder.policy.AuditItem;
import dev.warder.policy.AuditTable;
import dev.warder.policy.DefaultBudget;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Policy;
import dev.warder.policy.PolicyChanges;
import dev.warder.policy.PolicyFollower;
import dev.warder.policy.PolicyName;
import dev.warder.policy.PolicyStore;
import dev.warder.policy.StoredPolicy;
import dev.warder.principal.RefusedChangeException.Cause;
import jakarta.json.JsonObject;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/**
 * Administrators' changes in the database. All methods wait for the database and throw {@link SQLException} if it cannot be
 * used now. Thread-safe.
 */
public final class Administration {
    private static final Step<Recorded> NO_STEP = (connection, at) -> new Recorded(List.of(), "");

    private final PolicyFollower follower;
    private final ClientDirectory clients;
    private final PolicyInUse inUse;
    private final GrantRule grants;
    private final AuditTrail audit;
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
        this.inUse = new PolicyInUse(live, byDefault);
        this.grants = new GrantRule(clients, inUse);
        this.audit = new AuditTrail(follower);
    }

    /**
     * Who asks for a change, and how the request is known if it is repeated.
     *
     * @param asker the caller with an access token, which limits what it may grant; empty for {@code admin.token}
     * @param idempotency empty if a repetition is another change
     */
    public record Request(Actor actor, Optional<Client> asker, Optional<IdempotencyKey> idempotency) {}

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

    /**
     * Work in addition to the change of an object.
     *
     * @param items its entries of the audit
     * @param document what the caller receives, and a repetition of its request; empty text for that of the object
     */
    public record Recorded(List<AuditItem> items, String document) {
        public Recorded {
            items = List.copyOf(items);
        }
    }

    /**
     * Something that is done in a transaction. It may be called again, if the database has ended the transaction.
     *
     * @param <T> the result
     */
    @FunctionalInterface
    public interface Step<T> {
        /**
         * Does it.
         *
         * @param at this moment, by the database's clock
         * @throws RefusedChangeException if nothing is to be changed
         */
        T take(Connection connection, Instant at) throws SQLException, RefusedChangeException;
    }

    public Changed create(PolicyName name, JsonObject definition, Request request)
            throws SQLException, RefusedChangeException {
        return change(ObjectEdits.create(name, definition), request);
    }

    public Changed put(PolicyName name, JsonObject definition, Condition condition, Request request)
            throws SQLException, RefusedChangeException {
        return change(ObjectEdits.put(name, definition, condition), request);
    }

    /** Changes some members (RFC 7396) of the version that the caller has read. */
    public Changed merge(PolicyName name, JsonObject patch, Condition condition, Request request)
            throws SQLException, RefusedChangeException {
        return change(ObjectEdits.merge(name, patch, condition), request);
    }

    /**
     * Changes the newest definition of an object; the organization and the sessions are created if need be.
     *
     * @param change makes the new definition; it may be called again
     */
    public Changed update(PolicyName name, UnaryOperator<JsonObject> change, Request request)
            throws SQLException, RefusedChangeException {
        return change(ObjectEdits.update(name, change), request);
    }

    /** Changes no object: only the step is taken, which has its entries of the audit. */
    public Changed record(Request request, Step<Recorded> step) throws SQLException, RefusedChangeException {
        return change(ObjectEdits.none(), request, step);
    }

    public boolean isRepeated(Request request) throws SQLException, RefusedChangeException {
        return request.idempotency().isPresent()
                && follower.<Boolean, RefusedChangeException>change(
                        (connection, newest, at) -> new PolicyStore.Decision<>(
                                PolicyChanges.none(newest),
                                AuditedChange.earlier(connection, request.idempotency(), at)
                                        .isPresent()));
    }

    public Changed remove(PolicyName name, Condition condition, Request request)
            throws SQLException, RefusedChangeException {
        return change(ObjectEdits.remove(name, condition), request);
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
        var changed = change(
                TokenEdits.create(secret.id(), clients.hash().hex(secret.reveal()), name, client, terms), request);
        return new Created(changed.result(), changed.isRepeated() ? Optional.empty() : Optional.of(secret));
    }

    /** Changes some terms (RFC 7396) of the version of a token that the caller has read. */
    public Changed mergeToken(String id, JsonObject patch, Condition condition, Request request)
            throws SQLException, RefusedChangeException {
        return change(TokenEdits.merge(id, patch, condition), request);
    }

    public Changed revokeToken(String id, Condition condition, Request request)
            throws SQLException, RefusedChangeException {
        return change(TokenEdits.revoke(id, condition), request);
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
            return change(Import.read(policyFile, clientsFile, inUse.byDefault()), request);
        } catch (InvalidValueException refused) {
            throw new RefusedChangeException(Cause.INVALID, "The file cannot be imported: " + refused.reason());
        }
    }

    public PrincipalView view() throws SQLException {
        var newest = follower.newest();
        return new PrincipalView(newest, inUse.unusable(newest));
    }

    public AuditTrail audit() {
        return audit;
    }

    public boolean isInUse() {
        return inUse.live().isPresent();
    }

    private Changed change(Edit edit, Request request) throws SQLException, RefusedChangeException {
        return change(edit, request, NO_STEP);
    }

    private Changed change(Edit edit, Request request, Step<Recorded> step)
            throws SQLException, RefusedChangeException {
        var done = follower.change(new AuditedChange(edit, request, inUse::unusableIn, step, grants));
        AuditTable.log(done.entries());
        return done.changed();
    }

    /**
     * The state of the database's policy on the nodes. Thread-safe.
     *
     * @param live the policy in use, if it is that of the database; otherwise administrators only prepare it
     * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
     */
    record PolicyInUse(Optional<LivePolicy> live, Optional<DefaultBudget> byDefault) {
        SortedMap<PolicyName, String> unusable(StoredPolicy newest) {
            return live.map(LivePolicy::unusable).orElseGet(() -> unusableIn(newest));
        }

        SortedMap<PolicyName, String> unusableIn(StoredPolicy content) {
            return read(content).unusable();
        }

        Policy policyIn(StoredPolicy content) {
            return read(content).policy();
        }

        private LivePolicy.Read read(StoredPolicy content) {
            return live.orElseGet(() -> LivePolicy.ofDatabase(byDefault)).read(content);
        }
    }
}
