package dev.warder.oauth;

import dev.warder.oauth.renewal.ControlException;
import dev.warder.oauth.renewal.CredentialStatus;
import dev.warder.oauth.renewal.TokenIssuer;
import dev.warder.oauth.renewal.TokenSource;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What an operator does with workload identity, which supports no login. Thread-safe. */
final class IdentityControl implements CredentialControl {
    private final TokenSource source;
    private final FederatedIdentity identity;

    IdentityControl(TokenSource source, FederatedIdentity identity) {
        this.source = source;
        this.identity = identity;
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public URI beginLogin() throws ControlException {
        throw noLogin();
    }

    @Override
    public CompletionStage<CredentialStatus> finishLogin(String code, String state) {
        return CompletableFuture.failedFuture(noLogin());
    }

    @Override
    public CompletionStage<CredentialStatus> status() {
        return source.looked();
    }

    @Override
    public CompletionStage<CredentialStatus> refresh() {
        return source.operate(() -> identity.renew(new TokenIssuer.Wish(token -> false, true)));
    }

    @Override
    public CompletionStage<CredentialStatus> logout() {
        return CompletableFuture.failedFuture(noLogin());
    }

    private ControlException noLogin() {
        return new ControlException(
                "Credential " + name() + " is workload identity: there is no login to begin or to forget.");
    }
}
