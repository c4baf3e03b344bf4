package dev.warder.principal;

/** The reason why a change is not made, for the caller. Nothing was changed. */
public final class RefusedChangeException extends Exception {
    private static final long serialVersionUID = 1;

    /** The kind of the fault. */
    public enum Cause {
        INVALID,
        FORBIDDEN,
        TOO_LARGE,
        NOT_FOUND,
        CLASH,
        CHANGED,
        /** The caller has to state which version of it is to be changed. */
        UNCONDITIONAL,
        /** The idempotency key was used for another request. */
        KEY_REUSED
    }

    private final Cause reason;

    public RefusedChangeException(Cause reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Cause reason() {
        return reason;
    }

    /** The message, which is never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
