package dev.warder.exchange.down;

import dev.warder.body.ByteQueue;
import dev.warder.container.RequestCompletion;
import dev.warder.exchange.down.ResponsePhase.Event;
import dev.warder.exchange.down.ResponsePhase.Work;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.stream.EventStreamGuard;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The servlet response, what is queued for it, and how far it is. {@link ResponsePhase} has the states; in addition there are
 * only two facts: whether the container has made its first callback, and whether a flush is due.
 *
 * <p>One thread at a time: guarded by the relay's lock.
 */
final class ResponseOutput {
    private final HttpServletResponse response;
    private final ServletOutputStream out;
    private final RequestCompletion last;
    private final ByteQueue pieces = new ByteQueue();

    /** Bytes read from the upstream that the client has not taken, and those that it has taken since this was asked last. */
    private long untaken;

    private long taken;
    private @Nullable Flow flow;

    /** Knows what may be added to an event stream without harm; null for any other response. */
    private @Nullable EventStreamGuard events;

    private ResponsePhase phase = ResponsePhase.UNBEGUN;
    private boolean writable;
    private boolean flushDue;

    /** Bytes of the piece that the container was given last, as long as it does not report that it takes more. */
    private int inside;

    /** The bytes of the upstream that this piece stands for: more may come only once they have left. */
    private long leaving;

    /** A piece could not be written: no further one may follow the gap. */
    private boolean lost;

    ResponseOutput(HttpServletResponse response, ServletOutputStream out, RequestCompletion last) {
        this.response = response;
        this.out = out;
        this.last = last;
    }

    /** The container has made its first callback: from now on it may be asked whether it takes bytes. */
    void writable() {
        writable = true;
    }

    /**
     * Sets status and fields, unless a head was set before or nothing of the response may be used. After a fault another head
     * can be set: that of the error.
     *
     * @return whether it was set
     */
    boolean head(Consumer<HttpServletResponse> setter) {
        return head(setter, Event.HEAD);
    }

    boolean upstreamHead(Consumer<HttpServletResponse> setter, Flow upstream, Optional<EventStreamGuard> guard) {
        flow = upstream;
        boolean begun = head(setter, guard.isPresent() ? Event.STREAM_HEAD : Event.HEAD);
        if (begun) {
            events = guard.orElse(null);
        }
        return begun;
    }

    private boolean head(Consumer<HttpServletResponse> setter, Event event) {
        if (!awaitsHead()) {
            return false;
        }
        try {
            setter.accept(response);
        } catch (RuntimeException | Error fault) {
            response.reset();
            throw fault;
        }
        on(event);
        return true;
    }

    /**
     * Queues a piece, empty perhaps, for which this many bytes of the upstream were read.
     *
     * @param last whether it has the last event of a translation
     * @return how many bytes are queued
     */
    long add(byte[] piece, int read, boolean last) {
        untaken += read;
        if (phase.takesContent()) {
            follow(piece, last);
            pieces.add(piece);
        }
        return pieces.length();
    }

    private void follow(byte[] piece, boolean last) {
        if (events != null && last) {
            events.followLast(piece);
        } else if (events != null) {
            events.follow(piece);
        }
    }

    /** Adds a comment to a silent event stream, where one disturbs nothing. Returns whether the response is a stream. */
    boolean comment() {
        if (phase.takesContent() && events != null && pieces.isEmpty()) {
            pieces.add(events.comment());
        }
        return events != null;
    }

    /** Whether the response may end here: an event stream only after its last event. */
    boolean endsProperly() {
        return events == null || events.terminatedAtEnd();
    }

    boolean isWholeStream() {
        return events != null && events.terminatedAtEnd();
    }

    /**
     * Ends a response that cannot go on: an event stream with {@code json} as its one error event, unless it has a proper end,
     * and any other so that the client sees that it is cut off, where the container can do that.
     */
    void cutOff(byte[] json) {
        if (phase.takesContent() && events != null) {
            pieces.add(events.fail(json));
        }
        on(events != null ? Event.END : Event.CUT_OFF);
    }

    /** Ends an event stream that cannot go on by this event, unless it has a proper end. */
    void cutOffBy(byte[] event) {
        if (phase.takesContent() && events != null && events.awaitsEvent()) {
            pieces.add(event);
        }
        on(Event.END);
    }

    void lastWord(Function<HttpServletResponse, byte[]> content) {
        if (!awaitsHead()) {
            return;
        }
        on(Event.HEAD);
        try {
            boolean ready = writable && out.isReady();
            // The container may have ended the request meanwhile, after the same error.
            if (last.isOver()) {
                return;
            }
            if (ready) {
                byte[] body = content.apply(response);
                response.setContentLength(body.length);
                out.write(body);
            } else {
                response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            }
        } catch (IOException | RuntimeException gone) {
            // The head may be set by now, and the content is missing.
            on(Event.BREAK_BEGUN);
        }
    }

    /** Makes an error without a body of a response that has not begun; one that has begun, and waits, is incomplete. */
    void bareError() {
        if (!awaitsHead()) {
            on(Event.BREAK_BEGUN);
            return;
        }
        try {
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            on(Event.HEAD);
        } catch (RuntimeException | Error fault) {
            // It must not end as a success.
            on(Event.BREAK);
            throw fault;
        }
    }

    void on(Event event) {
        var step = phase.on(event);
        phase = step.next();
        for (int i = 0; i < step.actions().size(); i++) {
            act(step.actions().get(i));
        }
    }

    boolean headSet() {
        return phase != ResponsePhase.UNBEGUN;
    }

    /** Whether bytes, a flush or the end wait for the client. */
    boolean pending() {
        return !last.isOver() && work() != Work.NONE;
    }

    boolean isOver() {
        return phase == ResponsePhase.CLOSED || last.isOver();
    }

    Progress drain() {
        int written = 0;
        try {
            while (writable && !lost && pending() && ready()) {
                switch (work()) {
                    case WRITE -> written += writeNext();
                    case FLUSH -> flush();
                    case END -> on(Event.CLOSE);
                    case NONE -> {}
                }
                if (phase == ResponsePhase.CLOSED) {
                    return new Progress(written, taken(), flow, Outcome.SENT);
                }
            }
            return new Progress(written, taken(), flow, Outcome.WAITING);
        } catch (IOException | RuntimeException gone) {
            lost = true;
            // If there still is a connection, the client has to see that this is not the end.
            on(Event.BREAK_BEGUN);
            return new Progress(written, 0, flow, Outcome.LOST);
        } catch (Error fault) {
            on(Event.BREAK_BEGUN);
            failUnsentHead();
            throw fault;
        }
    }

    private boolean ready() {
        boolean ready = out.isReady();
        if (ready) {
            left();
        }
        return ready;
    }

    /**
     * The bytes of heap that wait for the client.
     *
     * @param least what a container occupies at least for a piece that it could not send
     */
    long unread(int least) {
        if (!pending()) {
            return 0;
        }
        return pieces.length() + (inside == 0 ? 0 : Math.max(inside, least));
    }

    private boolean awaitsHead() {
        return !headSet() && !last.isOver();
    }

    private Work work() {
        return phase.work(!pieces.isEmpty(), flushDue);
    }

    private int writeNext() throws IOException {
        long waited = pieces.length();
        byte[] piece = Objects.requireNonNull(pieces.poll());
        inside = piece.length;
        out.write(piece);
        flushDue = true;
        // What is translated on its way counts in proportion: half of what came of some bytes stands for half of them.
        leaving = piece.length == waited ? untaken : untaken * piece.length / waited;
        untaken -= leaving;
        return piece.length;
    }

    /** The bytes of the upstream that the client took and that were not counted yet. */
    private int taken() {
        if (!pending()) {
            left();
        }
        if (pieces.isEmpty()) {
            taken += untaken;
            untaken = 0;
        }
        int share = Math.toIntExact(taken);
        taken = 0;
        return share;
    }

    /** The container has sent the last piece, or takes more in addition to it. */
    private void left() {
        inside = 0;
        taken += leaving;
        leaving = 0;
    }

    private void flush() throws IOException {
        flushDue = false;
        out.flush();
    }

    /** Jetty may end the request after an error of a callback by itself: the status must not be that of success then. */
    private void failUnsentHead() {
        try {
            if (headSet() && !isOver() && !response.isCommitted()) {
                response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            }
        } catch (RuntimeException | Error ended) {
            // The container shows the end where it can.
        }
    }

    private void act(ResponsePhase.Action action) {
        switch (action) {
            case FLUSH -> flushDue = true;
            case COMPLETE -> close(last::complete);
            case BREAK_OFF -> close(last::breakOff);
        }
    }

    private void close(Runnable end) {
        pieces.clear();
        end.run();
    }

    /**
     * The result of writing a response.
     *
     * @param written bytes of the response
     * @param taken bytes of the upstream that the client took with them
     * @param flow receives them; null before the upstream's response
     */
    record Progress(int written, int taken, @Nullable Flow flow, Outcome outcome) {}

    /** The step that follows. */
    enum Outcome {
        WAITING,
        /** The response was handed over to its last byte. */
        SENT,
        /** The client cannot be reached. */
        LOST
    }
}
