package dev.warder.auth;

/** What a client may do about the credential that goes upstream. */
public enum Right {
    /** Bring its own credential, where {@code passthrough} is on. */
    PASSTHROUGH,
    /** Use a managed credential, for inference and for reading models. */
    MANAGED,
    /**
     * Use a managed credential for everything else: for what its workspace keeps, which all clients share. Adds to
     * {@link #MANAGED}, and gives nothing alone.
     */
    WORKSPACE
}
