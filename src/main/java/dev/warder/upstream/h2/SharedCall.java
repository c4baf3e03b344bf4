package dev.warder.upstream.h2;

import java.util.Optional;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;

/**
 * A call on its way to a stream of a connection.
 *
 * @param tries how often its head was sent before
 * @param moves how often since then it waited on a connection that ended before its head was sent
 */
record SharedCall(StreamCall call, int tries, int moves) {
    private static final int MOST_TRIES = 3;

    /** Each move is to a fresh connection, so only an upstream that ends every connection uses them up. */
    private static final int MOST_MOVES = 3;

    /** A call that was not tried before. */
    SharedCall(StreamCall call) {
        this(call, 0, 0);
    }

    AsyncRequestProducer request() {
        return call.request();
    }

    AsyncResponseConsumer<Void> response() {
        return call.response();
    }

    FutureCallback<Void> end() {
        return call.end();
    }

    /** The next try after one that the upstream has not started on; empty when the limit is reached. */
    Optional<SharedCall> again() {
        return tries + 1 < MOST_TRIES ? Optional.of(new SharedCall(call, tries + 1, 0)) : Optional.empty();
    }

    /** The same try on another connection; empty when the limit of moves is reached. */
    Optional<SharedCall> moved() {
        return moves < MOST_MOVES ? Optional.of(new SharedCall(call, tries, moves + 1)) : Optional.empty();
    }

    /** Whether it needs a connection that was made for it, or for calls like it. */
    boolean wantsFreshConnection() {
        return moves > 0;
    }
}
