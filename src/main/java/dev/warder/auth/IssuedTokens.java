package dev.warder.auth;

import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.StoredPolicy.StoredToken;
import dev.warder.policy.TokenTerms;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The access tokens of the database that are in use. Thread-safe; no method waits. */
public final class IssuedTokens {
    /**
     * A token with its hash.
     *
     * @param token empty if it is not accepted: revoked, or written by a release that knows more
     */
    private record Entry(String sha256, long revision, Optional<IssuedToken> token) {
        @Override
        public String toString() {
            return "Entry[revision " + revision + "]";
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(IssuedTokens.class);

    private volatile Map<String, Entry> byId = Map.of();

    /** Replaces all tokens. Those that were not changed are not read again. */
    public void replace(Collection<StoredToken> stored) {
        var before = byId;
        var all = new HashMap<String, Entry>(stored.size() * 2);
        for (var each : stored) {
            var known = before.get(each.id());
            all.put(each.id(), known != null && known.revision() == each.revision() ? known : entry(each));
        }
        byId = all;
    }

    private static Entry entry(StoredToken stored) {
        Optional<IssuedToken> token = Optional.empty();
        if (stored.revokedAt().isEmpty()) {
            try {
                token = Optional.of(IssuedToken.of(stored));
            } catch (InvalidValueException unknown) {
                LOG.warn("the access token {} of the database is not accepted: {}", stored.id(), unknown.reason());
            }
        }
        return new Entry(stored.sha256(), stored.revision(), token);
    }

    boolean has(String id) {
        return byId.containsKey(id);
    }

    Optional<String> hash(String id) {
        return Optional.ofNullable(byId.get(id)).map(Entry::sha256);
    }

    Optional<IssuedToken> find(String id) {
        return Optional.ofNullable(byId.get(id)).flatMap(Entry::token);
    }

    public List<String> namesWithNetworks() {
        return byId.values().stream()
                .flatMap(each -> each.token().stream())
                .filter(token -> !token.terms().networks().isEmpty())
                .map(IssuedToken::name)
                .sorted()
                .toList();
    }

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
        static IssuedToken of(StoredPolicy.StoredToken stored) throws InvalidValueException {
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
            return terms.networks().isEmpty()
                    || terms.networks().stream().anyMatch(network -> network.contains(address));
        }

        public static Set<Right> rights(TokenTerms<Right> terms) {
            return terms.rights().map(Set::copyOf).orElse(ClientLine.DEFAULT_RIGHTS);
        }

        Client caller() {
            return new Client(name, rights(terms), terms.access().models(), Optional.empty(), Optional.of(this), false);
        }
    }
}
