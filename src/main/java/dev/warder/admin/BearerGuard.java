package dev.warder.admin;

import dev.warder.auth.TokenThrottle;
import dev.warder.config.Secret;
import dev.warder.http.ErrorReply;
import dev.warder.http.PresentedTokens;
import dev.warder.http.RemoteAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Admits programs that send one of a few secrets as a bearer token (RFC 6750). Wrong tokens are slowed down apart
 * from those at {@code /admin}. Thread-safe.
 */
public record BearerGuard(TokenThrottle throttle) {
    private static final ErrorReply MISSING = ErrorReply.challenge("This path needs a bearer token.");
    private static final ErrorReply WRONG = ErrorReply.challenge("The bearer token is not one that this path accepts.");

    /**
     * Why a request is refused.
     *
     * @param due completes when the caller may receive the reply, on another thread if not at once
     */
    public record Refusal(ErrorReply reply, CompletionStage<Void> due) {
        static Refusal now(ErrorReply reply) {
            return new Refusal(reply, CompletableFuture.completedFuture(null));
        }
    }

    /**
     * Why this request is refused; empty when its token is accepted.
     *
     * @param accepted the tokens, at least one; any of them is enough
     */
    public Optional<Refusal> refusal(HttpServletRequest request, List<Secret> accepted) {
        var presented = PresentedTokens.bearer(request);
        if (presented.isEmpty()) {
            return Optional.of(Refusal.now(MISSING));
        }
        String from = RemoteAddress.of(request);
        var verdict = throttle.check(accepted, presented.get(), from);
        if (verdict instanceof TokenThrottle.Verdict.Wrong wrong) {
            return Optional.of(new Refusal(WRONG, wrong.due()));
        }
        return verdict instanceof TokenThrottle.Verdict.Right
                ? Optional.empty()
                : Optional.of(Refusal.now(ErrorReply.rateLimited("Too many wrong tokens were presented.", 1)));
    }
}
