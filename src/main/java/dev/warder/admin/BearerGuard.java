package dev.warder.admin;

import dev.warder.admin.AdminRequest.Caller;
import dev.warder.auth.TokenThrottle;
import dev.warder.config.Secret;
import dev.warder.http.ErrorReply;
import dev.warder.http.PresentedTokens;
import dev.warder.http.RemoteAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/**
 * Admits programs that send one of a few secrets as a bearer token (RFC 6750). Wrong tokens are slowed down apart
 * from those at {@code /admin}. Thread-safe.
 */
public record BearerGuard(TokenThrottle throttle) {
    private static final ErrorReply MISSING = ErrorReply.challenge("This path needs a bearer token.");
    private static final ErrorReply WRONG = ErrorReply.challenge("The bearer token is not one that this path accepts.");

    /**
     * Why this request is refused; empty when its token is accepted.
     *
     * @param accepted the tokens, at least one; any of them is enough
     */
    public Optional<Caller.Stranger> refusal(HttpServletRequest request, List<Secret> accepted) {
        var presented = PresentedTokens.bearer(request);
        if (presented.isEmpty()) {
            return Optional.of(Caller.Stranger.now(MISSING));
        }
        String from = RemoteAddress.of(request);
        var verdict = throttle.check(accepted, presented.get(), from);
        if (verdict instanceof TokenThrottle.Verdict.Wrong wrong) {
            return Optional.of(new Caller.Stranger(WRONG, wrong.due()));
        }
        return verdict instanceof TokenThrottle.Verdict.Right
                ? Optional.empty()
                : Optional.of(Caller.Stranger.now(ErrorReply.rateLimited("Too many wrong tokens were presented.", 1)));
    }
}
