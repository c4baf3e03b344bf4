package dev.warder.config;

/** Which requests go over HTTP/2 to an upstream behind TLS that chooses it (ALPN, RFC 7301); others go over HTTP/1.1. */
public enum Http2 {
    /** None. */
    OFF,

    /** Those that ask for an event stream. */
    STREAMING,

    /** All. */
    AUTO;

    /** Whether a request goes over HTTP/2 that asks for an event stream, or does not. */
    public boolean carries(boolean streaming) {
        return this == AUTO || this == STREAMING && streaming;
    }
}
