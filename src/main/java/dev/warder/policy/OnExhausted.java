package dev.warder.policy;

/** The effect of an enforcing budget on a response that is under way when nothing is left. */
public enum OnExhausted {
    /** The response ends with an error, so that the budget is never exceeded. */
    CUT,
    /** The response goes on to its end, and its cost may exceed the budget. */
    FINISH
}
