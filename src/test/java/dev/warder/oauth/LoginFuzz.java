package dev.warder.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.warder.oauth.TokenStore.TokenStoreException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A stored login is read, or refused without a word of it; what a renewal writes is read again. */
public final class LoginFuzz {
    private static final OAuthToken RENEWED = new OAuthToken(
            "access-x",
            Optional.of("refresh-x"),
            Instant.ofEpochSecond(2_000_000_000),
            Optional.empty(),
            List.of(),
            Optional.empty());

    private LoginFuzz() {}

    /** Reads the bytes as a stored document. */
    public static void fuzzerTestOneInput(byte[] data) {
        var text = new String(data, UTF_8);
        try {
            var document = LoginDocument.parse(text);
            check(LoginDocument.parse(document.text()).text().equals(document.text()), "not stable");
            document.token().ifPresent(token -> check(!token.accessToken().isEmpty(), "empty token"));
            var renewed =
                    LoginDocument.parse(document.with(RENEWED).text()).token().orElseThrow();
            check(renewed.accessToken().equals("access-x"), "another access token");
            check(renewed.refreshToken().equals(Optional.of("refresh-x")), "another refresh token");
            check(renewed.expiry().equals(RENEWED.expiry()), "another expiry");
            check(LoginDocument.parse(document.with(RENEWED).refused().text()).isRefused(), "refusal forgotten");
            document.cleared();
        } catch (TokenStoreException refused) {
            check(text.length() < 16 || !String.valueOf(refused.getMessage()).contains(text), "repeats the login");
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
