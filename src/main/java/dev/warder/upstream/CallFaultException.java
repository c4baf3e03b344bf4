package dev.warder.upstream;

import java.io.IOException;

/** Something of a call itself threw, while it made its request or took its response: no fault of the upstream's. */
public final class CallFaultException extends IOException {
    private static final long serialVersionUID = 1;

    /** With what was thrown. */
    public CallFaultException(Throwable cause) {
        super(cause);
    }
}
