package dev.warder.policy;

/** What is held for a response that is not streamed, so that its output cannot be followed. */
public enum WholeReplies {
    /** The cost of the whole {@code max_tokens}. */
    FULL,
    /** The cost of what nearly all earlier responses of this client and model had. */
    LEARNED
}
