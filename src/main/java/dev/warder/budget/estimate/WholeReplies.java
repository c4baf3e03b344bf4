package dev.warder.budget.estimate;

/** What is held for a response that is not streamed: values of {@code budget.wholeReplies}. */
public enum WholeReplies {
    /** As many tokens as the request accepts. */
    FULL,
    /** As many as one of 1,000 such responses exceeds, and more with the time. */
    LEARNED
}
