package dev.warder.admin;

import dev.warder.admin.AdminRequest.Caller;
import dev.warder.auth.AccessToken;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.ClientDirectory.Verdict;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import java.time.Duration;
import java.util.Optional;

/**
 * Signs browsers of clients in to {@code /me} by an access token. The cookie is sealed and has the public id of the token, so that
 * each request is admitted by what the token is worth then: one that was revoked opens nothing. It is sealed under the stored hash
 * of the token, so that every node accepts it; for a token that only a file has, under a secret of this node. Thread-safe.
 */
record OwnSession(AdminContext context) {
    private static final Duration LIFE = Duration.ofHours(8);
    private static final String PURPOSE = "own session";
    private static final char BETWEEN = ' ';
    private static final int NUMBER_DIGITS = 32;

    /** The client of a request, or a stranger. */
    Caller caller(AdminCookies cookies, Call call, String address) {
        return cookies.find(AdminCookies.OWN)
                .flatMap(cookie -> Seal.unverified(cookie)
                        .map(text -> seal(text.substring(text.indexOf(BETWEEN) + 1)))
                        .flatMap(seal ->
                                seal.open(PURPOSE, cookie, "").map(text -> caller(seal, cookie, text, call, address))))
                .orElseGet(() -> Caller.Stranger.now(ErrorReply.challenge("")));
    }

    private ClientDirectory clients() {
        return context.access.clients();
    }

    private Seal seal(String id) {
        return new Seal(clients().sealKey(id).orElse(context.ofNode), context.clock);
    }

    private Caller caller(Seal seal, String cookie, String text, Call call, String address) {
        int between = text.indexOf(BETWEEN);
        if (between != NUMBER_DIGITS) {
            // A client knows the hash of its own token, and so can make such a value.
            return Caller.Stranger.now(ErrorReply.challenge(""));
        }
        String number = text.substring(0, between);
        if (context.ownSignedOut.contains(number)) {
            return Caller.Stranger.now(ErrorReply.challenge("You have signed out."));
        }
        var verdict = clients().admitAgain(text.substring(between + 1), call, address);
        return refusal(verdict).<Caller>map(Caller.Stranger::now).orElseGet(() -> {
            var client = ((Verdict.Admitted) verdict).client();
            return new Caller.Own(client, seal.sign("own form", cookie, ""), number);
        });
    }

    private static Optional<ErrorReply> refusal(Verdict verdict) {
        if (verdict instanceof Verdict.Refused refused) {
            return Optional.of(refused.reply());
        }
        return ((Verdict.Admitted) verdict).client().isAnyone()
                ? Optional.of(ErrorReply.forbidden("This token's client is shared by several callers."))
                : Optional.empty();
    }

    /** The reason for refusing a token at sign-in; empty if there is none. */
    Optional<ErrorReply> refusal(String presented, Call call, String address) {
        return clients()
                .admit(presented, call, address)
                .map(OwnSession::refusal)
                .orElseGet(() -> Optional.of(ErrorReply.challenge("This is no access token of a client.")));
    }

    Field cookie(AdminCookies cookies, String presented) {
        String number = Seal.random(context.random, NUMBER_DIGITS / 2);
        String id = AccessToken.parse(presented).orElseThrow().id();
        return cookies.strict(AdminCookies.OWN, seal(id).close(PURPOSE, number + BETWEEN + id, "", LIFE), LIFE);
    }

    Field signOut(AdminCookies cookies, Caller.Own session) {
        context.ownSignedOut.add(session.number(), LIFE);
        return cookies.none(AdminCookies.OWN);
    }
}
