package dev.warder.oauth;

import dev.warder.config.Secret;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Tokens, keys and clocks for the tests of stores. */
final class Logins {
    static final Instant EXPIRY = Instant.parse("2026-11-21T08:00:00Z");
    static final LoginFormat PLAIN = new LoginFormat(Optional.empty());

    private Logins() {}

    static String access(int number) {
        return "sk-" + "ant-oat01-" + "a".repeat(20) + number;
    }

    static String refresh(int number) {
        return "sk-" + "ant-ort01-" + "r".repeat(20) + number;
    }

    static OAuthToken token(int number) {
        return new OAuthToken(
                access(number),
                Optional.of(refresh(number)),
                EXPIRY.plusSeconds(number),
                Optional.of(Duration.ofHours(8)),
                List.of("user:inference", "user:profile"),
                Optional.of("ops@example.com"));
    }

    static LoginFormat sealed(int key) {
        return new LoginFormat(Optional.of(seal(key)));
    }

    static TokenSeal seal(int key) {
        var bytes = new byte[32];
        bytes[5] = (byte) key;
        return new TokenSeal(Secret.of(Base64.getEncoder().encodeToString(bytes)), new SecureRandom());
    }

    /** Gives up after a few attempts, without waiting. */
    static Patience hurried() {
        var clock = new AtomicLong();
        return new Patience(() -> clock.addAndGet(1_000_000_000L), time -> {});
    }
}
