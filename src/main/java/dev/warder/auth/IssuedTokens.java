package dev.warder.auth;

import dev.warder.config.InvalidValueException;
import dev.warder.policy.StoredToken;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
}
