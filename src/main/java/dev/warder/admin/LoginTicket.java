package dev.warder.admin;

import dev.warder.http.Field;
import dev.warder.oauth.AuthorizationRequest;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Binds a login to the browser that began it. The authorization server leads the browser back from another site, so the
 * session's {@code SameSite=Strict} cookie does not come along. With {@code state} alone, anyone who saw it could end
 * the login in another browser. So the login sets a second cookie, {@code SameSite=Lax}, for ten minutes: the
 * credential's name, sealed together with {@code state}. It is valid only for the end of this login. Thread-safe.
 */
public final class LoginTicket {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final String PURPOSE = "login";

    private final Seal seal;

    public LoginTicket(Seal seal) {
        this.seal = seal;
    }

    public Field issue(AdminCookies cookies, String name, URI authorizeUrl) {
        String state = AuthorizationRequest.of(authorizeUrl).state();
        return cookies.lax(AdminCookies.LOGIN, seal.close(PURPOSE, name, state, LIFE), LIFE);
    }

    public Optional<String> name(AdminRequest request, String state) {
        return state.isEmpty() ? Optional.empty() : request.login().flatMap(value -> seal.open(PURPOSE, value, state));
    }
}
