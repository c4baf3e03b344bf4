package dev.warder.auth;

/** What a client may do about the credential that goes upstream. */
public enum Right {
    /** Bring its own credential, where {@code passthrough} is on. */
    PASSTHROUGH,
    /** Use a managed credential. */
    MANAGED
}
