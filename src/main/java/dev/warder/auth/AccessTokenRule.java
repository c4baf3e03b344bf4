package dev.warder.auth;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import java.util.Optional;

/** The form of an access token that an operator chose. */
public final class AccessTokenRule {
    private static final int SHORTEST = 16;
    private static final int LONGEST = 512;

    private AccessTokenRule() {}

    public static void warnOfShort(Optional<Secret> token, Setting setting, SettingReader settings) {
        if (token.filter(each -> each.reveal().length() < TokenThrottle.LONG_TOKEN)
                .isPresent()) {
            settings.warning(
                    setting,
                    "has fewer than 32 characters, which the next release refuses; make one with openssl rand -hex 32");
        }
    }

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
