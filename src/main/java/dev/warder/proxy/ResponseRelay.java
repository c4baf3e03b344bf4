package dev.warder.proxy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.container.AnswerEnd;
import dev.warder.container.BreakOffs;
import dev.warder.container.ClientStreams;
import dev.warder.container.SerialTurn;
import dev.warder.sse.LastEvent;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way down: what the upstream or Warder itself has to say goes into a queue, and from there to the client as fast as
 * the client takes it. Whoever brings news, the upstream's thread with a piece or the container's with room for one, drains
 * the queue.
 *
 * <p>Thread-safe. {@code isReady} is asked before each write, flush and end, and only when there is one to do, since a
 * {@code false} orders a callback. Nothing is written before the container's first callback, which keeps this object out of
 * the way of the thread that is still inside {@code service}.
 */
final class ResponseRelay implements WriteListener, AsyncListener {
    /** What becomes of the answer; called without the lock. */
    interface Events extends FaultHandler {
        /** The container took {@code bytes} of the body. */
        void written(int bytes);

        /** With what it took so far, {@code bytes} more of the upstream's are off our hands. */
        void taken(int bytes);

        /** The answer was handed over to its last byte. */
        void answered();

        /** The client cannot be reached any more. */
        void clientGone();

        /** The container ends the request, because it stops the application. */
        void stopped();

        /** The container has ended the request without being asked to, and holds locks of its own. Takes no lock. */
        void endedByContainer();
    }

    private enum Outcome {
        WAITING,
        ANSWERED,
        LOST
    }

    private static final long LONGEST_END = TimeUnit.SECONDS.toNanos(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition handedBack = lock.newCondition();
    private final AsyncContext async;
    private final HttpServletResponse response;
    private final ServletOutputStream out;
    private final Events owner;
    private final Executor afterRead;
    private final AnswerEnd last;
    private final Runnable drain;

    @GuardedBy("lock")
    private final ByteQueue queue = new ByteQueue();

    @GuardedBy("lock")
    private final TakenShare share = new TakenShare();

    /** Of a response that is an event stream. */
    @GuardedBy("lock")
    private @Nullable EventStreamGuard events;

    @GuardedBy("lock")
    private boolean writable;

    @GuardedBy("lock")
    private boolean headSet;

    @GuardedBy("lock")
    private boolean flushDue;

    @GuardedBy("lock")
    private boolean ending;

    @GuardedBy("lock")
    private boolean breaking;

    @GuardedBy("lock")
    private boolean closed;

    /** The container has ended the request by itself: nothing of it is used any more. */
    private volatile boolean gone;

    /**
     * @param reading ends with the answer: the request goes back to its container, and nobody may read it then
     * @param afterRead runs a task when all that one read from the upstream brought has been told
     */
    ResponseRelay(
            SerialTurn reading,
            AsyncContext async,
            ClientStreams streams,
            Executor afterRead,
            BreakOffs breakOffs,
            Events owner) {
        this.async = async;
        this.response = (HttpServletResponse) async.getResponse();
        this.out = streams.out();
        this.last = new AnswerEnd(reading, streams.last(), async, breakOffs);
        this.owner = owner;
        this.afterRead = afterRead;
        this.drain = () -> CallbackGuard.run(this::drain, owner);
    }

    /** Orders the container's callbacks, and no time-out of its own; on the thread that is inside {@code service}. */
    void listen() {
        async.setTimeout(0);
        async.addListener(this);
        out.setWriteListener(this);
    }

    /**
     * Sets status and fields of an answer whose body follows, once.
     *
     * @return false when the head was set before or nobody is there to see it
     */
    boolean head(Consumer<HttpServletResponse> setter) {
        lock.lock();
        try {
            if (closed || headSet) {
                return false;
            }
            set(setter);
            headSet = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** After a fault another head can still be set: that of the error. */
    @GuardedBy("lock")
    private void set(Consumer<HttpServletResponse> setter) {
        try {
            setter.accept(response);
        } catch (RuntimeException | Error fault) {
            response.reset();
            throw fault;
        }
    }

    /**
     * Like {@link #head}, of an event stream: the head goes out at once, however long the first event takes.
     *
     * @param last the event that ends the stream as it should end
     */
    boolean eventStreamHead(Consumer<HttpServletResponse> setter, LastEvent last) {
        lock.lock();
        try {
            if (!head(setter)) {
                return false;
            }
            events = new EventStreamGuard(last);
            flushDue = true;
        } finally {
            lock.unlock();
        }
        afterRead.execute(drain);
        return true;
    }

    /** Adds a piece of the body; the caller gives it away. Returns how many bytes were waiting with it. */
    long add(byte[] piece) {
        return add(piece, piece.length);
    }

    /** The same of a piece, empty perhaps, for which so many bytes of the upstream were read. */
    long add(byte[] piece, int read) {
        long length;
        lock.lock();
        try {
            share.read(read);
            if (!closed && !ending) {
                queue.add(piece);
                if (events != null) {
                    events.follow(piece);
                }
            }
            length = queue.length();
        } finally {
            lock.unlock();
        }
        afterRead.execute(drain);
        return length;
    }

    /** Adds a comment to a silent event stream, where one disturbs nothing. */
    void comment() {
        lock.lock();
        try {
            if (events != null && !closed && !ending && queue.isEmpty()) {
                queue.add(events.comment());
            }
        } finally {
            lock.unlock();
        }
        afterRead.execute(drain);
    }

    /** Ends an event stream that broke with {@code json} as its one error event, unless it has a proper end. */
    void endWithError(byte[] json) {
        lock.lock();
        try {
            if (events != null && !closed && !ending) {
                queue.add(events.fail(json));
            }
        } finally {
            lock.unlock();
        }
        end();
    }

    /** Whether the response may end here: an event stream only after its last event. */
    boolean endsProperly() {
        lock.lock();
        try {
            return events == null || events.terminatedAtEnd();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the answer after what is queued. */
    void end() {
        end(false);
    }

    /**
     * Ends the answer after what is queued so that the client sees it is cut off, where the container can do that.
     */
    void breakOff() {
        end(true);
    }

    /**
     * Answers in one go, if nothing was answered and the container takes it: the client's own words broke off, and it may
     * still listen. Without this a container would say 200 of an answer that has neither head nor body.
     *
     * @param answer sets the head and gives the body
     */
    void lastWord(Function<HttpServletResponse, byte[]> answer) {
        lock.lock();
        try {
            if (closed || headSet) {
                return;
            }
            headSet = true;
            if (writable && out.isReady()) {
                out.write(answer.apply(response));
            } else {
                response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            }
        } catch (IOException | RuntimeException alreadyGone) {
            // Nobody is there to hear it.
        } finally {
            lock.unlock();
        }
    }

    /** Makes what {@link #close} will do visible to the client as an end before the end. */
    void breakWhereItStands() {
        lock.lock();
        try {
            breaking = headSet;
        } finally {
            lock.unlock();
        }
    }

    /** Like {@link #breakWhereItStands}, and where no head was set the container sends an error of its own. */
    void breakInAnyCase() {
        lock.lock();
        try {
            breaking = true;
        } finally {
            lock.unlock();
        }
    }

    /** Makes an error without a body of a response that has not begun, on the thread that is inside {@code service}. */
    void bareError() {
        lock.lock();
        try {
            if (!closed && !headSet) {
                headSet = true;
                response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of everything at once; nobody touches the response after this. */
    void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                queue.clear();
                complete();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until another thread has handed the response back to the container, 1 s at most. */
    void awaitClosed() {
        lock.lock();
        try {
            long nanos = LONGEST_END;
            while (!closed && !gone && nanos > 0) {
                nanos = handedBack.awaitNanos(nanos);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the head was set. */
    boolean headSet() {
        lock.lock();
        try {
            return headSet;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the whole response waits for the client or was sent. */
    boolean whole() {
        lock.lock();
        try {
            return ending && !breaking;
        } finally {
            lock.unlock();
        }
    }

    /** Whether bytes, a flush or the end wait for the client. */
    boolean pending() {
        lock.lock();
        try {
            return hasSomethingToSay();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onWritePossible() {
        lock.lock();
        try {
            writable = true;
        } finally {
            lock.unlock();
        }
        CallbackGuard.runForContainer(this::drain, owner);
    }

    @Override
    public void onError(Throwable lost) {
        CallbackGuard.runForContainer(() -> lost(lost), owner);
    }

    @Override
    public void onError(AsyncEvent lost) {
        CallbackGuard.runForContainer(() -> lost(lost.getThrowable()), owner);
    }

    /** The client does not cause an error. The container may make no further callback: what cannot be sent now is broken off. */
    private void lost(@Nullable Throwable cause) {
        if (cause instanceof Error) {
            owner.fault(cause);
            if (pending()) {
                owner.fault(cause);
            }
        } else {
            owner.clientGone();
        }
    }

    /**
     * Without a time-out of its own Tomcat still times a request out, and that once it has begun to stop the application but
     * has not told its listener yet (AbstractProcessor.timeoutAsync). The answer has to be at its end when this returns.
     */
    @Override
    public void onTimeout(AsyncEvent stop) {
        CallbackGuard.runForContainer(owner::stopped, owner);
    }

    /** Takes no lock: the container holds locks of its own, which a thread that writes takes while it holds this one's. */
    @Override
    public void onComplete(AsyncEvent end) {
        if (last.endedByContainer()) {
            gone = true;
            owner.endedByContainer();
        }
    }

    @Override
    public void onStartAsync(AsyncEvent again) {}

    private void end(boolean cutOff) {
        lock.lock();
        try {
            // A fault may break off a response whose end is queued already.
            breaking |= cutOff;
            if (!ending) {
                ending = true;
                // A head that was not sent yet would be replaced by the container's own page.
                flushDue |= cutOff;
            }
        } finally {
            lock.unlock();
        }
        afterRead.execute(drain);
    }

    private void drain() {
        int written = 0;
        int taken = 0;
        Outcome outcome = Outcome.WAITING;
        lock.lock();
        try {
            while (outcome == Outcome.WAITING && hasWork() && out.isReady()) {
                int piece = writeNext();
                written += piece;
                outcome = piece > 0 ? Outcome.WAITING : flushOrEnd();
            }
            taken = taken();
        } catch (IOException | RuntimeException lost) {
            // If the connection still stands, the client has to see that this is not the end.
            breaking |= headSet;
            outcome = Outcome.LOST;
        } catch (Error fault) {
            breaking |= headSet;
            failUnsentHead();
            throw fault;
        } finally {
            lock.unlock();
        }
        tell(outcome, written, taken);
    }

    /** The length of what was written, 0 when nothing is queued. */
    @GuardedBy("lock")
    private int writeNext() throws IOException {
        long waiting = queue.length();
        byte[] piece = queue.poll();
        if (piece == null) {
            return 0;
        }
        out.write(piece);
        flushDue = true;
        share.took(piece.length, waiting);
        return piece.length;
    }

    @GuardedBy("lock")
    private int taken() {
        if (queue.isEmpty()) {
            share.tookAll();
        }
        return share.collect();
    }

    @GuardedBy("lock")
    private boolean hasWork() {
        return writable && hasSomethingToSay();
    }

    @GuardedBy("lock")
    private boolean hasSomethingToSay() {
        return !closed && !gone && (!queue.isEmpty() || flushDue || ending);
    }

    @GuardedBy("lock")
    private Outcome flushOrEnd() throws IOException {
        if (!ending || breaking && flushDue) {
            flushDue = false;
            out.flush();
            return Outcome.WAITING;
        }
        closed = true;
        complete();
        return Outcome.ANSWERED;
    }

    private void tell(Outcome outcome, int written, int taken) {
        if (written > 0) {
            owner.written(written);
        }
        if (taken > 0) {
            owner.taken(taken);
        }
        if (outcome == Outcome.ANSWERED) {
            owner.answered();
        } else if (outcome == Outcome.LOST) {
            owner.clientGone();
        }
    }

    /** Jetty may end the request after an error of a callback by itself: the status must not be that of success then. */
    @GuardedBy("lock")
    private void failUnsentHead() {
        try {
            if (headSet && !response.isCommitted()) {
                response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            }
        } catch (RuntimeException | Error ended) {
            // The container shows the end where it can.
        }
    }

    @GuardedBy("lock")
    private void complete() {
        try {
            if (breaking) {
                last.breakOff();
            } else {
                last.complete();
            }
        } finally {
            handedBack.signalAll();
        }
    }
}
