package dev.warder.admin;

import dev.warder.admin.AdminRequest.Caller;
import dev.warder.auth.AdministratorTokens;
import dev.warder.auth.AdministratorTokens.Verdict;
import dev.warder.auth.TokenThrottle;
import dev.warder.config.Secret;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.PresentedTokens;
import dev.warder.principal.ApiTarget;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Authenticates administrators: callers that send {@code admin.token} as a bearer token (RFC 6750), and browsers that
 * signed in with it and received a cookie. That cookie is not the container's session, which another node of a cluster
 * would not know. It is sealed under the token, holds only a random number and the name that was given, and lasts eight hours. Every node accepts it
 * until then or until the token is replaced. Signing out ends it in this process and removes it from the browser.
 * Thread-safe.
 *
 * @param token that of administrators
 * @param random makes the numbers of sessions
 * @param signedOut the sessions that ended before their time
 */
record AdminAuth(
        Secret token,
        Seal seal,
        SecureRandom random,
        TokenThrottle throttle,
        SignedOutSessions signedOut,
        AdministratorTokens accessTokens) {
    private static final Duration SESSION = Duration.ofHours(8);
    private static final String PURPOSE = "session";

    /** Between the number and the name, which has none. */
    private static final char BETWEEN = ' ';

    /** The caller of this request. A bearer token decides, right or wrong, whatever cookie came with it. */
    Caller caller(HttpServletRequest request, Call call, AdminCookies cookies, String from) {
        var presented = PresentedTokens.bearer(request);
        if (presented.isPresent()) {
            return byAccessToken(presented.get(), request, call)
                    .or(() -> refusal(presented.get(), from).map(refused -> refused))
                    .orElseGet(Caller.Bearer::new);
        }
        return cookies.find(AdminCookies.SESSION)
                .flatMap(this::session)
                .orElseGet(() -> Caller.Stranger.now(
                        ErrorReply.challenge("This path needs the administrator's token as a bearer token.")));
    }

    private Optional<Caller> byAccessToken(String presented, HttpServletRequest request, Call call) {
        if (!isApi(call)) {
            return Optional.empty();
        }
        return accessTokens
                .check(presented, call, String.valueOf(request.getRemoteAddr()))
                .map(verdict -> verdict instanceof Verdict.Admitted admitted
                        ? new Caller.Token(admitted.client())
                        : Caller.Stranger.now(((Verdict.Refused) verdict).reply()));
    }

    public static boolean isApi(Call call) {
        return call.target().path().startsWith(ApiTarget.FOLDER);
    }

    /** Why this token is refused, and when its caller may receive the refusal; empty when it is accepted. */
    public Optional<Caller.Stranger> refusal(String presented, String from) {
        var verdict = throttle.check(List.of(token), presented, from);
        if (verdict instanceof TokenThrottle.Verdict.Wrong wrong) {
            return Optional.of(
                    new Caller.Stranger(ErrorReply.challenge("That is not the administrator's token."), wrong.due()));
        }
        return verdict instanceof TokenThrottle.Verdict.Right
                ? Optional.empty()
                : Optional.of(Caller.Stranger.now(
                        ErrorReply.rateLimited("Too many wrong administrator tokens were presented.", 1)));
    }

    /** Ends a session in this process: its cookie is refused from now on, wherever it is kept. */
    public void signOut(Caller caller) {
        if (caller instanceof Caller.Session session) {
            signedOut.add(session.number(), SESSION);
        }
    }

    public Field session(AdminCookies cookies, String person) {
        String text = Seal.random(random, 16) + (person.isEmpty() ? "" : BETWEEN + person);
        return cookies.strict(AdminCookies.SESSION, seal.close(PURPOSE, text, "", SESSION), SESSION);
    }

    private Optional<Caller> session(String cookie) {
        return seal.open(PURPOSE, cookie, "")
                .map(text -> session(cookie, text))
                .filter(session -> !signedOut.contains(session.number()))
                .map(session -> session);
    }

    private Caller.Session session(String cookie, String text) {
        int between = text.indexOf(BETWEEN);
        return new Caller.Session(
                seal.sign("form", cookie, ""),
                between < 0 ? text : text.substring(0, between),
                between < 0 ? Optional.empty() : Optional.of(text.substring(between + 1)));
    }
}
