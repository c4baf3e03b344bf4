package dev.warder.openai.output;

import dev.warder.http.ErrorReply;
import dev.warder.sse.EventStreamTransformer;

/** Translates the event stream of a message into events of the Responses API. One thread at a time. */
public final class ItemStream implements EventStreamTransformer {
    @Override
    public byte[] feed(byte[] piece) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] end() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean failed() {
        throw new UnsupportedOperationException();
    }

    /** Bytes of output that are kept for the events at the end. */
    public long kept() {
        throw new UnsupportedOperationException();
    }

    /** An event {@code response.in_progress}, for a client that gives up on a silent stream; empty after the end. */
    public byte[] inProgress() {
        throw new UnsupportedOperationException();
    }

    /** The event that ends a stream that cannot go on, {@code response.failed}; empty after the end. */
    public byte[] fail(ErrorReply reply) {
        throw new UnsupportedOperationException();
    }
}
