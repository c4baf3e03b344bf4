package dev.warder.record;

/** Follows one request for a tracer, from the thread that starts it to whichever ends it. Thread-safe; it never waits. */
public interface RequestTrace {
    /** For requests that no tracer follows. */
    RequestTrace NONE = use -> TryTrace.NONE;

    /** A request to the upstream begins, with this credential. Throws nothing. */
    TryTrace tryBegins(CredentialUse use);
}
