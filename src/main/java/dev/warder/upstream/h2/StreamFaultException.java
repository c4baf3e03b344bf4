package dev.warder.upstream.h2;

import java.io.IOException;

/** A part of a {@link StreamExchange} failed by its own fault: the stream ends, and its connection stays. */
public abstract class StreamFaultException extends IOException {
    private static final long serialVersionUID = 1;

    /** Wraps what was thrown. */
    protected StreamFaultException(Throwable cause) {
        super(cause);
    }
}
