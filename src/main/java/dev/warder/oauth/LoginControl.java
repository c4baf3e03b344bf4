package dev.warder.oauth;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** The operator's control of a login of the OAuth client. Thread-safe. */
final class LoginControl implements CredentialControl {
    /** RFC 6749, appendix A.11. */
    private static final Pattern CODE = Pattern.compile("[ -~]{1,4096}");

    private final TokenSource source;
    private final StoredLogins logins;
    private final PendingLogins pending;

    LoginControl(TokenSource source, StoredLogins logins, PendingLogins pending) {
        this.source = source;
        this.logins = logins;
        this.pending = pending;
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public URI beginLogin() throws ControlException {
        return logins.client().authorize(pending.begin());
    }

    @Override
    public CompletionStage<CredentialStatus> finishLogin(String code, String state) {
        var begun = pending.take(state);
        if (begun.isEmpty()) {
            return refused(
                    "This login was not begun here, was used already, or is older than ten minutes; begin again.");
        }
        if (!CODE.matcher(code).matches()) {
            return refused("This is no authorization code; begin again.");
        }
        return source.operate(() -> logins.login(logins.client().exchange(code, begun.get())));
    }

    @Override
    public CompletionStage<CredentialStatus> status() {
        return source.looked();
    }

    @Override
    public CompletionStage<CredentialStatus> refresh() {
        return source.operate(() -> {
            var state = logins.renew(new TokenIssuer.Wish(token -> false, true));
            if (state instanceof TokenState.Absent) {
                throw new ControlException("No one has logged in to credential " + name() + "; log in first.");
            }
            return state;
        });
    }

    @Override
    public CompletionStage<CredentialStatus> logout() {
        return source.operate(logins::logout);
    }

    private static CompletionStage<CredentialStatus> refused(String message) {
        return CompletableFuture.failedFuture(new ControlException(message));
    }
}
