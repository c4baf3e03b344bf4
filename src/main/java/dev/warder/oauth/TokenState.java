package dev.warder.oauth;

import java.util.Optional;

/** The state of a credential's token after a call of its issuer. No text form shows a token. */
public sealed interface TokenState {
    /**
     * There is a token; its own members determine how fresh it is.
     *
     * @param end why no other one is available when it expires, in words that an operator reads
     */
    record Held(OAuthToken token, Optional<String> end) implements TokenState {
        public Held(OAuthToken token) {
            this(token, Optional.empty());
        }
    }

    /**
     * The endpoint returns no other token before an operator acts.
     *
     * @param reason in words that an operator reads
     * @param token the last one, which may be valid for a while
     */
    record Refused(String reason, OAuthToken token) implements TokenState {}

    /** No login is stored. */
    record Absent() implements TokenState {}
}
