package dev.warder.adminapi;

import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import java.util.List;

/** The reason why a change is not made, for the caller. Nothing was changed. */
public final class RefusedChangeException extends Exception {
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

    public ErrorReply reply() {
        return switch (reason) {
            case INVALID -> ErrorReply.invalidRequest(text());
            case FORBIDDEN -> ErrorReply.forbidden(text());
            case TOO_LARGE -> ErrorReply.tooLarge(text());
            case NOT_FOUND -> ErrorReply.notFound(text());
            case CLASH -> reply(409);
            case CHANGED -> reply(412);
            case KEY_REUSED -> reply(422);
            case UNCONDITIONAL -> reply(428);
        };
    }

    private ErrorReply reply(int status) {
        return new ErrorReply(status, ErrorType.INVALID_REQUEST, text(), List.of()).withoutRetry();
    }

    /** The message, which is never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
