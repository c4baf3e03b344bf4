package dev.warder.oauth;

import dev.warder.upstream.Outbound;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * The surroundings of credentials that renew themselves. Thread-safe, as its parts are.
 *
 * @param outbound the way to their endpoints
 * @param threads makes the thread of each source and those of its HTTP client; they must carry the application's
 *     context class loader
 * @param clock the time by which tokens expire
 * @param nanoTime a clock that never goes back, for ages and pauses
 * @param random for {@code state}, PKCE verifiers and the jitter of pauses
 */
public record RenewalResources(
        Outbound outbound, ThreadFactory threads, InstantSource clock, LongSupplier nanoTime, SecureRandom random) {
    public TokenEndpoint endpoint() {
        return new TokenEndpoint(outbound, threads, clock, nanoTime, TokenEndpoint.LIMIT);
    }
}
