package dev.warder.admin;

import dev.warder.admin.OwnPageServlet.NodeSecret;
import dev.warder.auth.AdministratorTokens;
import dev.warder.auth.AdministratorTokens.Verdict;
import dev.warder.auth.Client;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Signs browsers of clients in to {@code /me} by an access token. The cookie is sealed and has the public id of the token, so that
 * each request is admitted by what the token is worth then: one that was revoked opens nothing. It is sealed under the stored hash
 * of the token, so that every node accepts it; for a token that only a file has, under a secret of this node. Thread-safe.
 */
record OwnSession(
        NodeSecret ofThisNode,
        InstantSource clock,
        SecureRandom random,
        SignedOutSessions signedOut,
        AdministratorTokens tokens) {
    private static final Duration LIFE = Duration.ofHours(8);
    private static final String PURPOSE = "own session";
    private static final char BETWEEN = ' ';
    private static final int NUMBER_DIGITS = 32;

    /**
     * A browser that is signed in.
     *
     * @param number of the session
     * @param formToken what its forms must hold, which no page of another site can know
     */
    public record SignedIn(Client client, String number, String formToken) {
        /** Without the values, because the form token permits actions. */
        @Override
        public String toString() {
            return "SignedIn";
        }
    }

    /**
     * The session of a request, or why there is none.
     *
     * @param refusal empty if there is one
     */
    public record Found(Optional<SignedIn> session, Optional<ErrorReply> refusal) {
        private static Found refused(ErrorReply refusal) {
            return new Found(Optional.empty(), Optional.of(refusal));
        }
    }

    public Found of(AdminCookies cookies, Call call, String address) {
        return cookies.find(AdminCookies.OWN)
                .flatMap(cookie -> Seal.unverified(cookie)
                        .map(text -> seal(text.substring(text.indexOf(BETWEEN) + 1)))
                        .flatMap(seal ->
                                seal.open(PURPOSE, cookie, "").map(text -> of(seal, cookie, text, call, address))))
                .orElseGet(() -> Found.refused(ErrorReply.challenge("")));
    }

    private Seal seal(String id) {
        return new Seal(ofThisNode.unless(tokens.sealKey(id)), clock);
    }

    private Found of(Seal seal, String cookie, String text, Call call, String address) {
        int between = text.indexOf(BETWEEN);
        if (between != NUMBER_DIGITS) {
            // A client knows the hash of its own token, and so can make such a value.
            return Found.refused(ErrorReply.challenge(""));
        }
        String number = text.substring(0, between);
        if (signedOut.contains(number)) {
            return Found.refused(ErrorReply.challenge("You have signed out."));
        }
        var verdict = tokens.checkAgain(text.substring(between + 1), call, address);
        var refusal = refusal(verdict);
        if (refusal.isPresent()) {
            return Found.refused(refusal.get());
        }
        var client = ((Verdict.Admitted) verdict).client();
        return new Found(
                Optional.of(new SignedIn(client, number, seal.sign("own form", cookie, ""))), Optional.empty());
    }

    private static Optional<ErrorReply> refusal(Verdict verdict) {
        if (verdict instanceof Verdict.Refused refused) {
            return Optional.of(refused.reply());
        }
        return ((Verdict.Admitted) verdict).client().isAnyone()
                ? Optional.of(ErrorReply.forbidden("This token's client is shared by several callers."))
                : Optional.empty();
    }

    public Optional<ErrorReply> refusal(String presented, Call call, String address) {
        return tokens.check(presented, call, address)
                .map(OwnSession::refusal)
                .orElseGet(() -> Optional.of(ErrorReply.challenge("This is no access token of a client.")));
    }

    public Field cookie(AdminCookies cookies, String presented) {
        String number = Seal.random(random, NUMBER_DIGITS / 2);
        String id = AdministratorTokens.id(presented).orElseThrow();
        return cookies.strict(AdminCookies.OWN, seal(id).close(PURPOSE, number + BETWEEN + id, "", LIFE), LIFE);
    }

    public Field signOut(AdminCookies cookies, SignedIn session) {
        signedOut.add(session.number(), LIFE);
        return cookies.none(AdminCookies.OWN);
    }
}
