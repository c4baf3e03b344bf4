package dev.warder.oauth;

/** An operator's wish cannot be met. The message says why and what to do, and holds no secret. */
public final class ControlException extends Exception {
    private static final long serialVersionUID = 1;

    /** With what the operator reads. */
    public ControlException(String message) {
        super(message);
    }
}
