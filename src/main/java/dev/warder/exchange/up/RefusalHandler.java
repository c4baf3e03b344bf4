package dev.warder.exchange.up;

import dev.warder.http.ErrorReply;
import dev.warder.state.ClientLossHandler;

/** Ends one exchange whose request does not go up: it is refused, its client was lost, or something has failed. Thread-safe. */
public interface RefusalHandler extends ClientLossHandler {
    /**
     * The request is refused. Called without a lock.
     *
     * @param reply what the client gets
     */
    void refused(ErrorReply reply);
}
