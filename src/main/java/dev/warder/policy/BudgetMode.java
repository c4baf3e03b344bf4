package dev.warder.policy;

/** The consequence of a spent budget. */
public enum BudgetMode {
    /** Requests that the rest of the budget does not cover wait or are refused. */
    ENFORCE,
    /** Clients and operators are warned, and no request is refused. */
    WARN,
    /** Operators see what {@link #ENFORCE} would have refused; clients notice nothing. */
    SHADOW
}
