package dev.warder.auth;

import dev.warder.config.InvalidValueException;
import dev.warder.policy.StoredToken;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
        /** Without the hash. */
        @Override
        public String toString() {
            return "Entry[revision " + revision + "]";
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(IssuedTokens.class);

    private volatile Map<String, Entry> byId = Map.of();

    /** Creates it without a token. */
    public IssuedTokens() {}

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

    /** Whether the database has a token of this id, accepted or not. */
    boolean has(String id) {
        return byId.containsKey(id);
    }

    /** The hash of the token of this id; empty if there is none. */
    Optional<String> hash(String id) {
        return Optional.ofNullable(byId.get(id)).map(Entry::sha256);
    }

    /** The token of this id; empty if there is none, or if it is not accepted. */
    Optional<IssuedToken> find(String id) {
        return Optional.ofNullable(byId.get(id)).flatMap(Entry::token);
    }

    /** The names of those that may be used from some networks only, sorted. */
    public List<String> namesWithNetworks() {
        return byId.values().stream()
                .flatMap(each -> each.token().stream())
                .filter(token -> !token.terms().networks().isEmpty())
                .map(IssuedToken::name)
                .sorted()
                .toList();
    }

    /** The names of those that are accepted. */
    Set<String> names() {
        var names = new HashSet<String>();
        byId.values().forEach(each -> each.token().ifPresent(token -> names.add(token.name())));
        return names;
    }
}
