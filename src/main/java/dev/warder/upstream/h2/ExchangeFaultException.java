package dev.warder.upstream.h2;

import java.io.IOException;

/**
 * A part of the exchange itself threw while it made its request or took its response: not a fault of the upstream. Over HTTP/2
 * only the stream ends, and its connection stays.
 */
public final class ExchangeFaultException extends IOException {
    /** Wraps what was thrown. */
    public ExchangeFaultException(Throwable cause) {
        super(cause);
    }
}
