package dev.warder.oauth;

/** An operator's request cannot be met. The message gives the reason and what to do, and contains no secret. */
public final class ControlException extends Exception {
    public ControlException(String message) {
        super(message);
    }
}
