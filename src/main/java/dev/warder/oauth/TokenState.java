package dev.warder.oauth;

import java.util.Optional;

/** What is known of a credential's token after its issuer was asked. No text form shows a token. */
sealed interface TokenState {
    /**
     * There is one; how fresh it is, it says itself.
     *
     * @param end why no other one is to be had when it expires, in words that an operator reads
     */
    record Held(OAuthToken token, Optional<String> end) implements TokenState {
        /** One that can be renewed. */
        Held(OAuthToken token) {
            this(token, Optional.empty());
        }
    }

    /**
     * The endpoint gives no other before an operator acts.
     *
     * @param reason in words that an operator reads
     * @param token the last one, which may be good for a while
     */
    record Refused(String reason, Optional<OAuthToken> token) implements TokenState {}

    /** Nobody has logged in. */
    record Absent() implements TokenState {}
}
