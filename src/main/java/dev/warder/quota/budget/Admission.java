package dev.warder.quota.budget;

/** What becomes of a request that asks for money. */
public sealed interface Admission {
    /** It may go on. */
    record Held(Hold hold) implements Admission {}

    /** This budget has not enough left, whatever becomes of the open requests. */
    record Spent(AccountView account) implements Admission {}

    /** It is in the line. */
    record Waits(Waiter waiter) implements Admission {}

    /** It has waited for this budget for as long as it may; a retry may succeed. */
    record Waited(AccountView account) implements Admission {}

    /** Requests that wait, for this budget among others, keep too much memory; a retry may succeed. */
    record LineIsFull(AccountView account) implements Admission {}

    /** The database cannot be used, and what it has granted does not suffice; a retry may succeed. */
    record DatabaseAway() implements Admission {}

    /** The client has too many sessions at once; a retry may succeed. */
    record TooManySessions() implements Admission {}
}
