package dev.warder.principal;

/** The reason why a change is not made, for the caller. Nothing was changed. */
public final class RefusedChangeException extends Exception {
    private static final long serialVersionUID = 1;

    /** The kind of the fault. */
    public enum Cause {
        /** The query is malformed, or does not fit into the policy. */
        INVALID,
        /** The caller may not grant it. */
        FORBIDDEN,
        /** The query has too many names and values. */
        TOO_LARGE,
        /** What is to be changed does not exist. */
        NOT_FOUND,
        /** What is to be created exists, or {@code clients.file} has it. */
        CLASH,
        /** It was changed since the caller has read it. */
        CHANGED,
        /** The caller has to state which version of it is to be changed. */
        UNCONDITIONAL,
        /** The idempotency key was used for another request. */
        KEY_REUSED
    }

    private final Cause reason;

    /** @param message is a sentence */
    public RefusedChangeException(Cause reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** The kind of the fault. */
    public Cause reason() {
        return reason;
    }

    /** The message, which is never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
