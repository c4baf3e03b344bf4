package dev.warder.auth;

import dev.warder.config.InvalidValueException;

/** Which secrets can be an access token that an operator chose. */
public final class AccessTokenRule {
    private static final int SHORTEST = 16;
    private static final int LONGEST = 512;

    private AccessTokenRule() {}

    /**
     * Accepts 16 to 512 visible ASCII characters that do not look like an Anthropic credential.
     *
     * @param token ASCII without control characters
     * @throws InvalidValueException with the reason, which does not repeat the token
     */
    public static void check(String token) throws InvalidValueException {
        if (token.length() < SHORTEST || token.length() > LONGEST) {
            throw new InvalidValueException("has " + token.length() + " characters; 16 to 512 are needed");
        }
        if (token.indexOf(' ') >= 0) {
            throw new InvalidValueException("has a blank; 16 to 512 visible ASCII characters are needed");
        }
        if (token.startsWith("sk-ant-")) {
            // Such a value always counts as an Anthropic credential, so it can never be an access token.
            throw new InvalidValueException("looks like an Anthropic credential; choose a token of your own");
        }
    }
}
