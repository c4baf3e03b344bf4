package dev.warder.exchange.up;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request whose body goes up as it comes. It holds no memory of the budget, and can be sent once. */
final class RelayedUpload implements Upload {
    /** Null once the request is sent: a stream may go on for an hour. */
    private @Nullable RequestHead arrived;

    private final SendProgress sending;
    private final RequestRelay relay;
    private final Events events;

    RelayedUpload(Arrival arrival, Events events, RefusalHandler exchange) {
        this.arrived = arrival.head();
        this.sending = events.progress();
        this.events = events;
        this.relay = new RequestRelay(
                arrival.turn(), arrival.in(), arrival.head().contentLength(), sending, events::read, exchange);
    }

    @Override
    public void open() {
        events.prepared();
    }

    @Override
    public Outgoing outgoing() {
        var head = Objects.requireNonNull(arrived);
        arrived = null;
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
