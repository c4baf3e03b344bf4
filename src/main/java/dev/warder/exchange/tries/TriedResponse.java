package dev.warder.exchange.tries;

import dev.warder.credential.Outcome;
import dev.warder.exchange.down.Flow;
import dev.warder.exchange.down.HeldResponse;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.http.ErrorCode;
import dev.warder.json.JsonTree;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The response of one try until it is passed on and judged: what of it is kept back, and what its status or the first event of
 * its stream shows.
 *
 * <p>One thread at a time, but for what is kept back.
 */
final class TriedResponse {
    private final ResponseHead head;
    private final Flow flow;
    private final HeldResponse held;
    private final @Nullable FirstEvent first;
    private int failed;

    /** @param first shows the outcome; null where the status of the response does */
    TriedResponse(ResponseHead head, Flow flow, @Nullable FirstEvent first) {
        this.head = head;
        this.flow = flow;
        this.held = new HeldResponse(head, flow);
        this.first = first;
    }

    /** Keeps a piece back; false when the response is too large for that. The upstream is not stopped by it. */
    boolean hold(byte[] bytes, int read) {
        flow.heldBack(read);
        return held.add(bytes);
    }

    void end() {
        held.end();
    }

    void passTo(ResponseSink client) {
        held.passTo(client);
    }

    /** Looks for the first event; true once it is there, or too large to look at. */
    boolean look(byte[] bytes) {
        return first != null && first.feed(bytes);
    }

    /** The status that the first event stands for; 0 when it is not there, is no error, or one that lies in the request. */
    int eventStatus() {
        return first == null ? 0 : first.status();
    }

    void failed(int status) {
        failed = status;
    }

    Outcome outcome() {
        if (failed == 0 && first != null && !first.isKnown()) {
            return new Outcome.Unknown();
        }
        int shown = failed == 0 ? eventStatus() : failed;
        int status = shown == 0 ? head.status() : shown;
        var code = status == head.status()
                ? heldCode()
                : Objects.requireNonNull(first).code();
        return new Outcome.Responded(status, code, head::field);
    }

    private ErrorCode heldCode() {
        return failed == 0
                ? ErrorCode.NONE
                : JsonTree.parseObject(held.text())
                        .map(document -> ErrorCode.of(JsonTree.object(document, "error")))
                        .orElse(ErrorCode.NONE);
    }
}
