package dev.warder.upstream;

import dev.warder.upstream.h2.StreamFaultException;

/** A part of the exchange itself threw while it made its request or took its response: not a fault of the upstream. */
public final class ExchangeFaultException extends StreamFaultException {
    private static final long serialVersionUID = 1;

    /** Wraps what was thrown. */
    public ExchangeFaultException(Throwable cause) {
        super(cause);
    }
}
