package dev.warder.oauth;

import java.util.concurrent.CompletionStage;

/**
 * The operator's control of a managed credential that renews itself. Thread-safe; no method waits. The stages fail
 * with {@link ControlException}, whose message an operator may read.
 */
public interface CredentialControl {
    String name();

    /**
     * Begins a login by authorization code with PKCE (RFC 7636): a new {@code state} and verifier are kept for ten
     * minutes.
     *
     * @throws ControlException when the credential supports no login, or when a setting for it is missing, which the
     *     message names
     */
    AuthorizationRequest beginLogin() throws ControlException;

    /**
     * Ends a login that this object has begun: exchanges the code and stores the token. A {@code state} is valid once.
     */
    CompletionStage<CredentialStatus> finishLogin(String code, String state);

    CompletionStage<CredentialStatus> status();

    CompletionStage<CredentialStatus> refresh();

    CompletionStage<CredentialStatus> logout();
}
