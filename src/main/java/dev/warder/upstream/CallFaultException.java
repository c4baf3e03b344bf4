package dev.warder.upstream;

import dev.warder.upstream.h2.StreamFaultException;

/** A part of the call itself threw while it made its request or took its response: not a fault of the upstream. */
public final class CallFaultException extends StreamFaultException {
    private static final long serialVersionUID = 1;

    /** Wraps what was thrown. */
    public CallFaultException(Throwable cause) {
        super(cause);
    }
}
