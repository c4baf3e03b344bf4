package dev.warder.quota;

/** The answer to a request that asks for money. */
public sealed interface Admission {
    /** Admitted. */
    record Held(Hold hold) implements Admission {}

    /** This budget has not enough left, whatever becomes of the open requests. */
    record Spent(AccountView account) implements Admission {}

    /** Waiting in the line. */
    record Waits(Waiter waiter) implements Admission {}

    /** Refused after the longest wait for this budget; a retry may succeed. */
    record Waited(AccountView account) implements Admission {}

    /** Requests that wait, for this budget among others, keep too much memory; a retry may succeed. */
    record LineIsFull(AccountView account) implements Admission {}

    /** The database cannot be used, and what it has granted does not suffice; a retry may succeed. */
    record DatabaseAway() implements Admission {}

    /** The client has too many sessions at once; a retry may succeed. */
    record TooManySessions() implements Admission {}
}
