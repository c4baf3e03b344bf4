package dev.warder.oauth;

import dev.warder.config.Secret;
import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Tokens, keys and clocks for the tests of stores. */
final class Logins {
    static final Instant EXPIRY = Instant.parse("2026-11-21T08:00:00Z");
    static final LoginFormat PLAIN = new LoginFormat(Optional.empty(), "first", false);

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
        return sealed(key, "first");
    }

    static LoginFormat sealed(int key, String name) {
        return new LoginFormat(Optional.of(seal(key)), name, false);
    }

    static LoginFormat sealedOnly(int key) {
        return new LoginFormat(Optional.of(seal(key)), "first", true);
    }

    /** A text as releases before version 2 of the header have sealed it. */
    static String sealedUnbound(int key, String text) throws GeneralSecurityException {
        var header = "warder-login:aes-256-gcm:1:";
        var nonce = new byte[12];
        new SecureRandom().nextBytes(nonce);
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key(key), "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(header.getBytes(StandardCharsets.US_ASCII));
        var sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
        var parts = ByteBuffer.allocate(12 + sealed.length).put(nonce).put(sealed);
        return header + Base64.getUrlEncoder().withoutPadding().encodeToString(parts.array());
    }

    static TokenSeal seal(int key) {
        return new TokenSeal(Secret.of(Base64.getEncoder().encodeToString(key(key))), new SecureRandom());
    }

    private static byte[] key(int number) {
        var bytes = new byte[32];
        bytes[5] = (byte) number;
        return bytes;
    }

    /** Gives up after a few attempts, without waiting. */
    static DeadlinePoll hurried() {
        var clock = new AtomicLong();
        return new DeadlinePoll(() -> clock.addAndGet(1_000_000_000L), time -> {});
    }
}
