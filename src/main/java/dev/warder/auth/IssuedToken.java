package dev.warder.auth;

import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.StoredToken;
import dev.warder.policy.TokenTerms;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * An access token of the database. Immutable.
 *
 * @param id its public id
 * @param client the name of the client that it belongs to
 * @param terms what it may be used for
 */
public record IssuedToken(String id, String name, String client, TokenTerms<Right> terms) {
    /**
     * Reads a token of the database.
     *
     * @throws InvalidValueException if a release that knows more has written it; it is not accepted then
     */
    static IssuedToken of(StoredToken stored) throws InvalidValueException {
        var document = JsonTree.parseObject(stored.document())
                .orElseThrow(() -> new InvalidValueException("is not a JSON object"));
        return new IssuedToken(stored.id(), stored.name(), stored.client(), read(document));
    }

    /**
     * Reads the terms of a token.
     *
     * @throws InvalidValueException with all problems; each names its member
     */
    public static TokenTerms<Right> read(JsonObject document) throws InvalidValueException {
        return TokenTerms.read(document, Right::parse);
    }

    boolean expiredAt(Instant now) {
        return terms.expires().filter(end -> !now.isBefore(end)).isPresent();
    }

    boolean mayBeUsedFrom(String address) {
        return terms.networks().isEmpty() || terms.networks().stream().anyMatch(network -> network.contains(address));
    }

    public static Set<Right> rights(TokenTerms<Right> terms) {
        return terms.rights().map(Set::copyOf).orElse(ClientLine.DEFAULT_RIGHTS);
    }

    Client caller() {
        return new Client(name, rights(terms), terms.access().models(), Optional.empty(), Optional.of(this), false);
    }
}
