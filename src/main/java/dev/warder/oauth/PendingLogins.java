package dev.warder.oauth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.http.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The logins that were begun and have not ended. Each is kept for ten minutes and is valid once. The oldest is removed
 * when there would be more than a hundred. Thread-safe.
 */
final class PendingLogins {
    private static final long KEPT_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int MOST = 100;
    private static final int RANDOM_BYTES = 32;

    private final SecureRandom random;
    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private final Map<String, Begun> begun = new LinkedHashMap<>();

    PendingLogins(SecureRandom random, LongSupplier nanoTime) {
        this.random = random;
        this.nanoTime = nanoTime;
    }

    synchronized Begun begin() {
        forgetOld();
        if (begun.size() >= MOST) {
            begun.remove(begun.keySet().iterator().next());
        }
        var login = new Begun(secret(), secret(), nanoTime.getAsLong());
        begun.put(login.state(), login);
        return login;
    }

    synchronized Optional<Begun> take(String state) {
        forgetOld();
        return Optional.ofNullable(begun.remove(state));
    }

    private synchronized void forgetOld() {
        long now = nanoTime.getAsLong();
        begun.values().removeIf(login -> now - login.at() >= KEPT_NANOS);
    }

    private String secret() {
        var bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return base64(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * One login that was begun. No text form shows its secrets.
     *
     * @param state ties the browser's return to it (RFC 6749, section 10.12)
     * @param verifier proves that the code is exchanged by the client that requested it (RFC 7636, section 4.1)
     * @param at when it began, by a clock that never goes back
     */
    record Begun(String state, String verifier, long at) {
        /** The verifier's {@code S256} form (RFC 7636, section 4.2). */
        String challenge() {
            return base64(Sha256.of(verifier.getBytes(StandardCharsets.US_ASCII)));
        }

        @Override
        public String toString() {
            return "Begun";
        }
    }
}
