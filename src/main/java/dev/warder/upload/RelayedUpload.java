package dev.warder.upload;

import dev.warder.container.SerialTurn;
import jakarta.servlet.ServletInputStream;
import java.util.Optional;

/** A request whose body goes up as it comes. It holds no memory of the budget, and can be sent once. */
final class RelayedUpload implements Upload {
    private final RequestHead head;
    private final Sending sending;
    private final RequestRelay relay;
    private final Events events;

    RelayedUpload(
            RequestHead head,
            SerialTurn turn,
            ServletInputStream in,
            Sending sending,
            Events events,
            RefusalHandler exchange) {
        this.head = head;
        this.sending = sending;
        this.events = events;
        this.relay = new RequestRelay(turn, in, head.contentLength(), sending, events::read, exchange);
    }

    @Override
    public void open() {
        events.prepared();
    }

    @Override
    public Outgoing outgoing() {
        return Outgoing.once(head, relay, sending);
    }

    @Override
    public Optional<BodyReader> reader() {
        return Optional.of(relay.listener());
    }

    @Override
    public void close() {
        relay.close();
    }

    @Override
    public boolean asks() {
        return relay.asks();
    }

    @Override
    public boolean waitsForClient() {
        return !relay.waitsForUpstream();
    }
}
