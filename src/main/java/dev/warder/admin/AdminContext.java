package dev.warder.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.config.Secret;
import dev.warder.http.Attributes;
import jakarta.servlet.ServletContext;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
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

    /**
     * The numbers of sessions that were signed out in this process and have not expired. At most 10,000 are kept, the latest;
     * only a browser that is signed in can add one. Thread-safe.
     */
    static final class SignedOutSessions {
        private static final int MOST = 10_000;

        private final InstantSource clock;

        /** By number, the time at which the session expires anyway; in the order of signing out. */
        @GuardedBy("this")
        private final Map<String, Instant> ends = new LinkedHashMap<>();

        SignedOutSessions(InstantSource clock) {
            this.clock = clock;
        }

        synchronized void add(String number, Duration life) {
            var now = clock.instant();
            ends.values().removeIf(end -> !now.isBefore(end));
            ends.put(number, now.plus(life));
            var oldest = ends.keySet().iterator();
            while (ends.size() > MOST) {
                oldest.next();
                oldest.remove();
            }
        }

        synchronized boolean contains(String number) {
            return ends.containsKey(number);
        }
    }
}
