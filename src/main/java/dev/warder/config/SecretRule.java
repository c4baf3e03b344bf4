package dev.warder.config;

import java.util.Base64;

/** What a secret must look like, whether it was read at start or comes with a file that changed. */
public enum SecretRule {
    /** Any text that can travel in a field. */
    ANY {
        @Override
        void check(String text) {}
    },
    /** A token that callers show to Warder itself. */
    ACCESS_TOKEN {
        @Override
        void check(String text) throws InvalidValueException {
            if (text.length() < 16 || text.length() > 512) {
                throw new InvalidValueException("has " + text.length() + " characters; 16 to 512 are needed");
            }
            if (text.indexOf(' ') >= 0) {
                throw new InvalidValueException("has a blank; 16 to 512 visible ASCII characters are needed");
            }
            if (text.startsWith("sk-ant-")) {
                // Such a value always counts as an Anthropic credential, so it can never be an access token.
                throw new InvalidValueException("looks like an Anthropic credential; choose a token of your own");
            }
        }
    },
    /** A key of AES-256. */
    STORE_KEY {
        @Override
        void check(String text) throws InvalidValueException {
            try {
                if (Base64.getDecoder().decode(text).length == 32) {
                    return;
                }
            } catch (IllegalArgumentException malformed) {
                // Its message has a character of the key.
            }
            throw new InvalidValueException("must be base64 of exactly 32 bytes, as openssl rand -base64 32 makes it");
        }
    };

    abstract void check(String text) throws InvalidValueException;

    /** The secret without the line break at its end; the reason of a refusal never repeats it. */
    String apply(String raw) throws InvalidValueException {
        String text = LineBreaks.cutLast(raw);
        if (text.isEmpty()) {
            throw new InvalidValueException("is empty");
        }
        if (!text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new InvalidValueException("has characters that are control characters or not ASCII");
        }
        if (text.startsWith(" ") || text.endsWith(" ")) {
            throw new InvalidValueException("begins or ends with a blank");
        }
        if (text.startsWith("${") && text.endsWith("}")) {
            throw InvalidValueException.placeholder();
        }
        check(text);
        return text;
    }
}
