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
 *
 * @param accepted the tokens; any of them is enough
 */
public record BearerGuard(TokenThrottle throttle, List<Secret> accepted) {
    private static final ErrorReply MISSING = ErrorReply.challenge("This path needs a bearer token.");

    /** The reason for refusing a request; empty when its token is accepted. */
    public Optional<Caller.Stranger> refusal(HttpServletRequest request) {
        var presented = PresentedTokens.bearer(request);
        if (presented.isEmpty()) {
            return Optional.of(Caller.Stranger.now(MISSING));
        }
        String from = RemoteAddress.of(request);
        return Caller.Stranger.of(
                throttle.check(accepted, presented.get(), from),
                "The bearer token is not one that this path accepts.",
                "Too many wrong tokens were presented.");
    }
}
