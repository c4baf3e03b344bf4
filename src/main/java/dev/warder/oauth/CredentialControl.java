package dev.warder.oauth;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
    CompletionStage<Status> finishLogin(String code, String state);

    CompletionStage<Status> status();

    CompletionStage<Status> refresh();

    CompletionStage<Status> logout();

    /** An operator's request cannot be met. The message gives the reason and what to do, and contains no secret. */
    final class ControlException extends Exception {
        public ControlException(String message) {
            super(message);
        }
    }

    /**
     * One managed credential that renews itself, as an operator sees it.
     *
     * @param name the configured name
     * @param kind {@code oauth} or {@code federation}
     * @param place where its login is stored, in words
     * @param maskedToken the first 8 and last 4 characters of the access token with an ellipsis between; empty for one
     *     that is shorter than 32
     * @param account the owner, where the token endpoint returned one
     * @param scopes the scopes of the token, where the endpoint returned them
     * @param expiry when the access token ends
     * @param lastRefresh when this process last renewed it
     * @param lastError why the last attempt to do so failed, when it did
     * @param outOfUse why no token is available until an operator acts
     */
    record Status(
            String name,
            String kind,
            String place,
            Optional<String> maskedToken,
            Optional<String> account,
            List<String> scopes,
            Optional<Instant> expiry,
            Optional<Instant> lastRefresh,
            Optional<String> lastError,
            Optional<String> outOfUse) {
        public Status {
            scopes = List.copyOf(scopes);
        }
    }

    /**
     * An authorization request (RFC 6749, section 4.1.1). The text form shows none of it.
     *
     * @param url where the operator's browser goes
     * @param state the value that the response must repeat
     * @param redirectUri the address to which the browser will be sent
     */
    record AuthorizationRequest(URI url, String state, URI redirectUri) {
        @Override
        public String toString() {
            return "AuthorizationRequest";
        }
    }
}
