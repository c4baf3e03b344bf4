package dev.warder.http;

/** What a client needs for a managed credential to go with its request: all clients share the credential's workspace. */
public enum ManagedAccess {
    /** The right to use managed credentials at all: inference, and reading models. */
    SHARED,
    /** The right to the workspace too: what a workspace keeps (batches, files, skills), and every unknown path. */
    WORKSPACE,
    /** No right suffices: only the caller's own credential goes there. */
    NEVER
}
