package dev.warder.upstream.h2;

import java.util.Optional;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;

/**
 * An exchange on its way to a stream of a connection.
 *
 * @param sends how often its head was sent before
 * @param moves how often since then it waited on a connection that ended before its head was sent
 */
record SharedExchange(StreamExchange exchange, int sends, int moves) {
    private static final int MOST_SENDS = 3;

    /** Each move is to a fresh connection, so only an upstream that ends every connection uses them up. */
    private static final int MOST_MOVES = 3;

    SharedExchange(StreamExchange exchange) {
        this(exchange, 0, 0);
    }

    AsyncRequestProducer request() {
        return exchange.request();
    }

    AsyncResponseConsumer<Void> response() {
        return exchange.response();
    }

    FutureCallback<Void> end() {
        return exchange.end();
    }

    Optional<SharedExchange> again() {
        return sends + 1 < MOST_SENDS ? Optional.of(new SharedExchange(exchange, sends + 1, 0)) : Optional.empty();
    }

    Optional<SharedExchange> moved() {
        return moves < MOST_MOVES ? Optional.of(new SharedExchange(exchange, sends, moves + 1)) : Optional.empty();
    }

    boolean wantsFreshConnection() {
        return moves > 0;
    }
}
