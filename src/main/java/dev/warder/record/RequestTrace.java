package dev.warder.record;

/** Follows one request for a tracer, from the thread that starts it to whichever ends it. Thread-safe; it never waits. */
public interface RequestTrace {
    RequestTrace NONE = credential -> TryTrace.NONE;

    /** A try begins, with this credential. Throws nothing. */
    TryTrace tryBegins(UsedCredential credential);
}
