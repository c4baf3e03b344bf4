package dev.warder.admin;

import dev.warder.admin.Visit.Caller;
import dev.warder.auth.TokenHash;
import dev.warder.config.Secret;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.PresentedTokens;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Who is an administrator: whoever shows {@code admin.token} as a bearer token (RFC 6750), or a browser that signed in with
 * it and got a cookie. That cookie is not the container's session, which another node of a cluster would not know: it is
 * sealed under the token, holds nothing but a random number, lasts eight hours, and every node takes it until then or until
 * the token is replaced. Signing out takes it from the browser. Thread-safe.
 */
final class AdminDoor {
    private static final Duration SESSION = Duration.ofHours(8);
    private static final String PURPOSE = "session";

    private final Secret token;
    private final Seal seal;
    private final SecureRandom random;

    AdminDoor(Secret token, Seal seal, SecureRandom random) {
        this.token = token;
        this.seal = seal;
        this.random = random;
    }

    /** Who sent this request. A bearer token decides, right or wrong, whatever cookie came with it. */
    Caller caller(HttpServletRequest request, AdminCookies cookies) {
        var presented = PresentedTokens.bearer(request);
        if (presented.isPresent()) {
            return refusal(presented.get()).<Caller>map(Caller.Stranger::new).orElseGet(Caller.Bearer::new);
        }
        return cookies.find(AdminCookies.SESSION)
                .filter(value -> seal.open(PURPOSE, value, "").isPresent())
                .<Caller>map(value -> new Caller.Session(seal.sign("form", value, "")))
                .orElseGet(() -> new Caller.Stranger(
                        ErrorReply.challenge("This path needs the administrator's token as a bearer token.")));
    }

    /** Why this token opens nothing; empty when it does. */
    Optional<ErrorReply> refusal(String presented) {
        if (same(presented)) {
            return Optional.empty();
        }
        return Optional.of(ErrorReply.challenge("That is not the administrator's token."));
    }

    /** The cookie of a browser that has just signed in. */
    Field session(AdminCookies cookies) {
        byte[] number = new byte[16];
        random.nextBytes(number);
        String value = seal.close(PURPOSE, HexFormat.of().formatHex(number), "", SESSION);
        return cookies.strict(AdminCookies.SESSION, value, SESSION);
    }

    /** Compares hashes, so that the time tells neither a length nor a common beginning. */
    private boolean same(String presented) {
        var hash = TokenHash.plain();
        return TokenHash.same(hash.hex(token.reveal()), hash.hex(presented));
    }
}
