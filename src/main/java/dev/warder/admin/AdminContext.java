package dev.warder.admin;

import dev.warder.config.Secret;
import dev.warder.http.Attributes;
import jakarta.servlet.ServletContext;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The parts of the application and the secrets that all requests of this package share. Thread-safe.
 *
 * @param signedOut the sessions of administrators that ended before their time
 * @param ownSignedOut those of clients, which can so displace none of the others
 * @param ofNode a secret that only this node knows, until it ends
 */
record AdminContext(
        ServletContext application,
        InstantSource clock,
        SecureRandom random,
        SignedOutSessions signedOut,
        SignedOutSessions ownSignedOut,
        Secret ofNode) {
    static AdminContext of(ServletContext application, InstantSource clock) {
        var random = new SecureRandom();
        return new AdminContext(
                application,
                clock,
                random,
                new SignedOutSessions(clock),
                new SignedOutSessions(clock),
                Secret.of(Seal.random(random, 32)));
    }

    <T> T part(Class<T> type) {
        return Attributes.get(application, type);
    }

    <T> Optional<T> find(Class<T> type) {
        return Attributes.find(application, type);
    }

    /** The token of administrators. Where only access tokens are accepted, no other token is right. */
    Secret token() {
        return part(AdminSettings.class).token().orElse(ofNode);
    }

    Seal seal() {
        return new Seal(token(), clock);
    }
}
