package dev.warder.oauth;

/** A store could not be read, written or locked. The message names what to check and contains no secret. */
public final class TokenStoreException extends Exception {
    private static final long serialVersionUID = 1;

    /** A problem without a cause. */
    public TokenStoreException(String message) {
        super(message);
    }

    /** A problem with its cause, whose message is not shown. */
    public TokenStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
