package dev.warder.http;

/** The rights that a client needs to use a managed credential for a request. All clients share the credential's workspace. */
public enum ManagedAccess {
    /** The right to use managed credentials: for inference, and for reading models. */
    SHARED,
    /**
     * The right to the workspace too: for everything that a workspace keeps (batches, files, skills), and for unknown paths.
     */
    WORKSPACE,
    /** No right is sufficient: such a path accepts only the caller's own credential. */
    NEVER
}
