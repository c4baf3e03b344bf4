package dev.warder.credential;

import java.util.Optional;
import java.util.function.Function;

/** What came of one use of a managed credential, before a byte of the answer reached the client. */
public sealed interface Outcome {
    /**
     * The upstream answered.
     *
     * @param status the status; that of the error's type, where an event stream began with an {@code error} event
     * @param field the value of a field of the answer's head, by its name in any case
     */
    record Answered(int status, Function<String, Optional<String>> field) implements Outcome {}

    /** The connection could not be made or was lost, or the answer could not be read. */
    record Lost() implements Outcome {}

    /** The upstream did not answer in time. */
    record TimedOut() implements Outcome {}

    /** No value could be had. */
    record Unavailable(CredentialUnavailableException cause) implements Outcome {}

    /** It is not known: the client went away first, or nothing was sent. */
    record Unknown() implements Outcome {}
}
