package dev.warder.exchange.up;

import dev.warder.body.Chunks;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The request that goes up, whichever credential it goes with.
 *
 * @param head with the path and the fields that are sent, without a credential
 * @param streams whether an event stream was requested
 * @param repeatable whether it can be sent more than once
 * @param session the client's name for its conversation, where the body has one
 * @param body the whole of it; null where it is not collected
 * @param progress begins a try with this body, or with the one that is not collected: how far it is sent
 */
public record Outgoing(
        RequestHead head,
        boolean streams,
        boolean repeatable,
        Optional<String> model,
        Optional<String> session,
        @Nullable Chunks body,
        Function<@Nullable Chunks, SendProgress> progress) {
    /** A request about whose body nothing is known. */
    static Outgoing of(RequestHead head, boolean repeatable, Supplier<SendProgress> progress) {
        return new Outgoing(head, false, repeatable, Optional.empty(), Optional.empty(), null, none -> progress.get());
    }

    /**
     * Begins a try; one thread at a time.
     *
     * @param rendered the body that is sent; null where there is none
     */
    public SendProgress begin(@Nullable Chunks rendered) {
        if ((rendered == null) != (body == null)) {
            throw new IllegalStateException("a provider has added or dropped a body");
        }
        return progress.apply(rendered);
    }
}
