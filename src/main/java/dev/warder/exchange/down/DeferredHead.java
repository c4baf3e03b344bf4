package dev.warder.exchange.down;

import org.jspecify.annotations.Nullable;

/**
 * Passes the head of a whole response on with its first body byte or its end, so that a connection which dies between them
 * is an error and no truncated success (rule "First body byte"). An event stream begins with its head, and so does a
 * response that its head alone makes unusable. One thread at a time.
 */
public final class DeferredHead implements ResponseSink {
    private final ResponseSink next;
    private final Runnable moved;
    private @Nullable HeldResponse held;

    public DeferredHead(ResponseSink next, Runnable moved) {
        this.next = next;
        this.moved = moved;
    }

    @Override
    public void head(ResponseHead head, Flow flow) {
        if (head.eventStream() || head.isUnusable()) {
            next.head(head, flow);
        } else {
            moved.run();
            held = new HeldResponse(head, flow);
        }
    }

    @Override
    public void piece(byte[] bytes, int read) {
        if (bytes.length > 0) {
            begin();
            next.piece(bytes, read);
        }
    }

    @Override
    public void end() {
        begin();
        next.end();
    }

    @Override
    public void failed(Failure failure) {
        next.failed(failure);
    }

    private void begin() {
        var deferred = held;
        if (deferred != null) {
            held = null;
            deferred.passTo(next);
        }
    }
}
