package dev.warder.exchange.down;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.container.CallbackGuard;
import dev.warder.container.CallbackGuard.ClientLossHandler;
import dev.warder.container.ClientThreads.ClientStreams;
import dev.warder.container.Container;
import dev.warder.container.RequestCompletion;
import dev.warder.container.RequestCompletion.BreakOffs;
import dev.warder.container.SerialTurn;
import dev.warder.exchange.down.ResponsePhase.Event;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.stream.EventStreamGuard;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way down: the response of the upstream or of Warder itself goes into a queue, and from there to the client as fast as
 * the client takes it. Each thread that brings something, the upstream's with a piece or the container's with room for one,
 * drains the queue.
 *
 * <p>Thread-safe: the {@link ResponseOutput} is used under one lock, the owner is called without it. {@code isReady} is asked
 * before each write, flush and end, and only when there is one to do, since a {@code false} orders a callback. Nothing is
 * written before the container's first callback, which keeps this object out of the way of the thread that is still inside
 * {@code service}.
 */
public final class ResponseRelay {
    /** The exchange that a response belongs to, which follows how far the response is. Thread-safe; called without the relay's lock. */
    public interface ResponseOwner extends ClientLossHandler {
        /** The container took {@code bytes} of the body. */
        void written(int bytes);

        void sent();

        /** Waits until another thread that ends the request has done so, 1 s at most. On a container's thread. */
        void awaitEnd();

        /** The container ends the request, because it stops the application. */
        void stopped();

        /** The container has ended the request without being asked to, and holds locks of its own. Runs nothing. */
        void endedByContainer();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final AsyncContext async;
    private final ClientStreams streams;
    private final Executor afterRead;
    private final RequestCompletion last;
    private final ResponseOwner owner;
    private final Runnable drain;

    @GuardedBy("lock")
    private final ResponseOutput output;

    /**
     * @param reading ends with the response: the request returns to its container, and must not be read then
     * @param afterRead runs a task when everything that one read from the upstream brought was passed on
     */
    public ResponseRelay(
            SerialTurn reading,
            AsyncContext async,
            ClientStreams streams,
            Executor afterRead,
            BreakOffs breakOffs,
            ResponseOwner owner) {
        this.async = async;
        this.streams = streams;
        this.afterRead = afterRead;
        this.last = new RequestCompletion(reading, streams.last(), async, breakOffs);
        this.owner = owner;
        this.drain = () -> CallbackGuard.run(this::drain, owner);
        this.output = new ResponseOutput((HttpServletResponse) async.getResponse(), streams.out(), last);
    }

    /** Orders the container's callbacks, and no timeout of its own; on the thread that is inside {@code service}. */
    public void listen(Container container) {
        var listener = new ResponseListener(this, last, owner);
        async.setTimeout(0);
        container.listen(async, listener);
        streams.out().setWriteListener(listener);
    }

    /**
     * Sets status and fields of Warder's own response, whose body follows.
     *
     * @return false when a head was set before, or nothing of the response may be used any more
     */
    public boolean head(Consumer<HttpServletResponse> setter) {
        return ask(response -> response.head(setter));
    }

    /**
     * Like {@link #head}, of the upstream's response, together with its first piece, see {@link #add}. The head of an event
     * stream is sent at once.
     *
     * @param upstream receives how much the client took of the response
     * @param events the guard of an event stream; empty for any other response
     * @param first may be empty
     * @param read how many bytes of the upstream it stands for
     */
    public boolean upstreamHead(
            Consumer<HttpServletResponse> setter,
            Flow upstream,
            Optional<EventStreamGuard> events,
            byte[] first,
            int read) {
        boolean begun = ask(response -> {
            boolean set = response.upstreamHead(setter, upstream, events);
            if (set) {
                response.add(first, read, false);
            }
            return set;
        });
        if (begun) {
            afterRead.execute(drain);
        }
        return begun;
    }

    /**
     * Adds a piece of the body, which the caller gives away.
     *
     * @param piece may be empty
     * @param read how many bytes of the upstream it stands for
     * @return how many bytes were waiting with it
     */
    public long add(byte[] piece, int read) {
        return add(piece, read, false);
    }

    /** Adds the last events of a translation, like {@link #add}. */
    public long addLast(byte[] piece, int read) {
        return add(piece, read, true);
    }

    private long add(byte[] piece, int read, boolean last) {
        long length;
        lock.lock();
        try {
            length = output.add(piece, read, last);
        } finally {
            lock.unlock();
        }
        afterRead.execute(drain);
        return length;
    }

    /** Adds a comment to a silent event stream, where one disturbs nothing. Returns whether the response is a stream. */
    public boolean comment() {
        boolean stream = ask(ResponseOutput::comment);
        if (stream) {
            afterRead.execute(drain);
        }
        return stream;
    }

    /** Whether the response may end here: an event stream only after its last event. */
    public boolean endsProperly() {
        return ask(ResponseOutput::endsProperly);
    }

    public boolean isWholeStream() {
        return ask(ResponseOutput::isWholeStream);
    }

    public void end() {
        on(Event.END);
        afterRead.execute(drain);
    }

    public void cutOff(byte[] json) {
        change(response -> response.cutOff(json));
        afterRead.execute(drain);
    }

    /** Ends an event stream that cannot go on by this event, which is whole, unless it has a proper end. */
    public void cutOffBy(byte[] event) {
        change(response -> response.cutOffBy(event));
        afterRead.execute(drain);
    }

    /**
     * Responds in one step, if nothing was sent and the container takes it: the client's own request broke off, and it may
     * still listen. Without this a container would send the status 200 without a head or a body.
     *
     * @param content sets the head and gives the body
     */
    public void lastWord(Function<HttpServletResponse, byte[]> content) {
        change(response -> response.lastWord(content));
    }

    /** Makes an error without a body of a response that has not begun, on the thread that is inside {@code service}. */
    public void bareError() {
        change(ResponseOutput::bareError);
    }

    /** An event that needs no more than its row of the table: a break, or the end without what is queued. */
    public void on(Event event) {
        change(response -> response.on(event));
    }

    public RequestCompletion completion() {
        return last;
    }

    public boolean headSet() {
        return ask(ResponseOutput::headSet);
    }

    /** Whether bytes, a flush or the end wait for the client. */
    public boolean pending() {
        return ask(ResponseOutput::pending);
    }

    /**
     * The bytes of heap that wait for the client.
     *
     * @param least what a container occupies at least for a piece that it could not send
     */
    public long unread(int least) {
        return ask(response -> response.unread(least));
    }

    /** The container takes bytes, for the first time or again. */
    void writePossible() {
        change(ResponseOutput::writable);
        drain();
    }

    private void drain() {
        var progress = ask(ResponseOutput::drain);
        if (progress.written() > 0) {
            owner.written(progress.written());
        }
        var flow = progress.flow();
        if (progress.taken() > 0 && flow != null) {
            flow.taken(progress.taken());
        }
        switch (progress.outcome()) {
            case SENT -> owner.sent();
            case LOST -> owner.clientGone();
            case WAITING -> {}
        }
    }

    private <T> T ask(Function<ResponseOutput, T> question) {
        lock.lock();
        try {
            return question.apply(output);
        } finally {
            lock.unlock();
        }
    }

    private void change(Consumer<ResponseOutput> change) {
        lock.lock();
        try {
            change.accept(output);
        } finally {
            lock.unlock();
        }
    }

    /** The container's callbacks about one response. Thread-safe. */
    private record ResponseListener(ResponseRelay relay, RequestCompletion last, ResponseOwner owner)
            implements WriteListener, AsyncListener {
        @Override
        public void onWritePossible() {
            CallbackGuard.runForContainer(relay::writePossible, owner);
        }

        @Override
        public void onError(Throwable lost) {
            CallbackGuard.runForContainer(() -> lost(lost), owner);
        }

        @Override
        public void onError(AsyncEvent lost) {
            CallbackGuard.runForContainer(() -> lost(lost.getThrowable()), owner);
        }

        /**
         * The client does not cause an error. The container may make no further callback: what cannot be sent now is broken off.
         * After this the container ends the request by itself if it has not ended, while another thread may still use it.
         */
        private void lost(@Nullable Throwable cause) {
            if (cause instanceof Error) {
                owner.fault(cause);
                if (relay.pending()) {
                    owner.fault(cause);
                }
            } else {
                owner.clientGone();
            }
            owner.awaitEnd();
        }

        /**
         * Without a timeout of its own Tomcat still times a request out, and that once it has begun to stop the application but
         * has not called its listener yet (AbstractProcessor.timeoutAsync). The response has to be at its end when this returns.
         */
        @Override
        public void onTimeout(AsyncEvent stop) {
            CallbackGuard.runForContainer(owner::stopped, owner);
        }

        /**
         * Takes no lock that is held during a call: the container holds locks of its own, which a thread that writes takes while
         * it holds the relay's.
         */
        @Override
        public void onComplete(AsyncEvent end) {
            if (last.endedByContainer()) {
                owner.endedByContainer();
            }
        }

        @Override
        public void onStartAsync(AsyncEvent again) {
            Container.listenAgain(again, this);
        }
    }
}
