package dev.warder.upstream;

/** The choice of requests that use HTTP/2 if the upstream selects it over TLS (ALPN, RFC 7301); all others use HTTP/1.1. */
public enum Http2 {
    OFF,

    STREAMING,

    AUTO;

    /** Whether a request that asks for an event stream, or one that does not, uses HTTP/2. */
    public boolean carries(boolean streaming) {
        return this == AUTO || this == STREAMING && streaming;
    }
}
