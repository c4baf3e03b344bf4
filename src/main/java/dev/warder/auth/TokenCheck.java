package dev.warder.auth;

import dev.warder.config.Secret;
import dev.warder.config.Setting;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares presented tokens with those that exist and have not expired. The response time reveals neither how much of a token was
 * right nor whether a public id exists. Thread-safe.
 */
final class TokenCheck {
    private static final Logger LOG = LoggerFactory.getLogger(TokenCheck.class);

    private static final String NO_HASH = "0".repeat(64);

    private final Optional<Secret> shared;
    private final Supplier<ClientFile> file;
    private final IssuedTokens issued;
    private final TokenHash hash;
    private final InstantSource clock;
    private final TokenThrottle guesses = new TokenThrottle(System::nanoTime, Setting.CLIENTS_TOKEN.publicName());

    TokenCheck(
            Optional<Secret> shared,
            Supplier<ClientFile> file,
            IssuedTokens issued,
            TokenHash hash,
            InstantSource clock) {
        this.shared = shared;
        this.file = file;
        this.issued = issued;
        this.hash = hash;
        this.clock = clock;
    }

    Optional<Client> authenticate(String presented) {
        Optional<Client> named = AccessToken.parse(presented).flatMap(this::named);
        return isShared(presented) ? Optional.of(Client.SHARED) : named;
    }

    Optional<Client> ofToken(String id) {
        Optional<ClientLine> line =
                issued.has(id) ? Optional.empty() : file.get().find(id);
        return line.filter(this::isCurrent)
                .map(ClientLine::client)
                .or(() -> issued.find(id).filter(this::isCurrent).map(IssuedToken::caller));
    }

    private Optional<Client> named(AccessToken token) {
        Optional<ClientLine> line =
                issued.has(token.id()) ? Optional.empty() : file.get().find(token.id());
        // An unknown id costs the same work: nothing has a hash that equals the constant.
        String expected =
                issued.hash(token.id()).or(() -> line.map(ClientLine::hash)).orElse(NO_HASH);
        if (!TokenHash.same(hash.hex(token.reveal()), expected)) {
            return Optional.empty();
        }
        return ofToken(token.id());
    }

    private boolean isCurrent(IssuedToken token) {
        boolean expired = token.expiredAt(clock.instant());
        if (expired) {
            LOG.info("the access token {} of {} has expired", token.name(), token.client());
        }
        return !expired;
    }

    private boolean isCurrent(ClientLine line) {
        boolean expired = line.expiredAt(clock.instant());
        if (expired) {
            LOG.info(
                    "clients.file: the access token of {} has expired",
                    line.client().name());
        }
        return !expired;
    }

    boolean comparesShared() {
        return shared.isEmpty() || guesses.comparesShared(shared.get());
    }

    private boolean isShared(String presented) {
        if (shared.isEmpty() || !comparesShared()) {
            return false;
        }
        // Compares hashes, so that the time reveals neither a length nor a common prefix.
        var plain = TokenHash.plain();
        boolean same = TokenHash.same(plain.hex(shared.get().reveal()), plain.hex(presented));
        if (!same && AccessToken.parse(presented).isEmpty()) {
            guesses.addWrong();
        }
        return same;
    }
}
