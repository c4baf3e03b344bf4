package dev.warder.exchange.up;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * The request that goes up, whichever credential it goes with.
 *
 * @param head with the path and the fields that are sent, without a credential
 * @param streams whether an event stream was requested
 * @param repeatable whether it can be sent more than once
 * @param session the client's name for its conversation, where the body has one
 * @param progress begins a try: its content, and how far it is sent; one thread at a time
 */
public record Outgoing(
        RequestHead head,
        boolean streams,
        boolean repeatable,
        Optional<String> model,
        Optional<String> session,
        Supplier<SendProgress> progress) {
    /** A request about whose body nothing is known. */
    static Outgoing of(RequestHead head, boolean repeatable, Supplier<SendProgress> progress) {
        return new Outgoing(head, false, repeatable, Optional.empty(), Optional.empty(), progress);
    }
}
