package dev.warder.oauth;

/** A store could not be read, written or locked. The message names what to check and contains no secret. */
public final class TokenStoreException extends Exception {
    public TokenStoreException(String message) {
        super(message);
    }

    public TokenStoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same about what lies at this place. */
    TokenStoreException at(String place) {
        return new TokenStoreException(place + " " + getMessage(), this);
    }
}
