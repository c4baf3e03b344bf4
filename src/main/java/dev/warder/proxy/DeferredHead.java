package dev.warder.proxy;

import java.nio.ByteBuffer;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Passes the head of a whole response on with its first body byte or its end, so that a connection which dies between them
 * is an error and no truncated success (rulings, 35). An event stream begins with its head, and so does a response that its head
 * alone makes unusable. One thread at a time.
 */
final class DeferredHead implements UpstreamAnswer.Events {
    private final UpstreamAnswer.Events client;
    private final Runnable moved;
    private @Nullable HttpResponse head;
    private @Nullable EntityDetails content;

    /** @param moved is run when the head has come: from then on the time for silence counts */
    DeferredHead(UpstreamAnswer.Events client, Runnable moved) {
        this.client = client;
        this.moved = moved;
    }

    @Override
    public void answerHead(HttpResponse response, @Nullable EntityDetails details) {
        if (AnswerHead.isEventStream(details) || AnswerHead.mayBeUnusable(response)) {
            client.answerHead(response, details);
        } else {
            moved.run();
            head = response;
            content = details;
        }
    }

    @Override
    public void answerPiece(ByteBuffer piece) {
        if (piece.hasRemaining()) {
            begin();
            client.answerPiece(piece);
        }
    }

    @Override
    public void answerEnd() {
        begin();
        client.answerEnd();
    }

    @Override
    public void answerFailed(Exception cause) {
        client.answerFailed(cause);
    }

    @Override
    public void fault(Throwable cause) {
        client.fault(cause);
    }

    private void begin() {
        var deferred = head;
        if (deferred != null) {
            head = null;
            client.answerHead(deferred, content);
        }
    }
}
