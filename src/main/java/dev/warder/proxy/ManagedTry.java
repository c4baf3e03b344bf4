package dev.warder.proxy;

import dev.warder.credential.Outcome;
import dev.warder.credential.Try;
import dev.warder.credential.UpstreamCredential;
import dev.warder.sse.EventTooLargeException;
import dev.warder.sse.SseEvent;
import dev.warder.sse.SseParser;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * One managed credential at work for one request: passes its answer on, or keeps it back while another credential could
 * give a better one, which is told once it is known whole. An event stream is kept back until its first event shows that it
 * does not begin with an error.
 *
 * <p>Answers come on reactor threads, one at a time; {@link #giveUp} and {@link #cancel} on any.
 */
final class ManagedTry implements UpstreamAnswer.Events {
    /** What becomes of a try. */
    interface Events {
        /** Whether an answer with this status is kept back. */
        boolean keepsBack(int status);

        /** Whether another credential could take over, so that an event stream is kept back until its first event. */
        boolean anotherMayTakeOver();

        /** An answer with this status was kept back and is known whole. */
        void keptBack(ManagedTry from, int status, HeldAnswer answer);

        /** The try came to nothing. */
        void failed(ManagedTry from, Failure failure);

        /** The answer is the one that the client gets; what it is follows at {@link #client}. */
        void passedOn(ManagedTry from);

        /** Who takes an answer that is passed on. */
        UpstreamAnswer.Events client();
    }

    private enum State {
        OPEN,
        PASSING,
        OVER
    }

    private static final int FIRST_EVENT = 64 * 1024;
    private static final int UNAUTHORIZED = 401;

    private final Try use;
    private final UpstreamCredential credential;
    private final Events events;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private volatile @Nullable Attempt attempt;
    private volatile @Nullable HeldAnswer held;
    private volatile int status;
    private @Nullable SseParser firstEvent;
    private volatile @Nullable SseEvent seen;
    private volatile @Nullable HttpResponse head;

    ManagedTry(Try use, UpstreamCredential credential, Events events) {
        this.use = use;
        this.credential = credential;
        this.events = events;
    }

    /** The use of the credential that has to be ended. */
    Try use() {
        return use;
    }

    /** The value that goes up. */
    UpstreamCredential credential() {
        return credential;
    }

    /** The call that it makes, before it is made. */
    void calls(Attempt call) {
        attempt = call;
    }

    /** Whether the answer is on its way to the client. */
    boolean passesOn() {
        return state.get() == State.PASSING;
    }

    /** Whether the upstream has begun to answer, and the answer is kept back as one that failed. */
    boolean keepsFailureBack() {
        return status != 0;
    }

    /** What came of it, as far as is known. */
    Outcome outcome() {
        var told = head;
        if (told == null || status == 0 && !passesOn()) {
            return new Outcome.Lost();
        }
        return new Outcome.Answered(status == 0 ? told.getCode() : status, name -> field(told, name));
    }

    /** Ends the try from outside, if it is not over and its answer is not passed on; true for the one who ended it. */
    boolean giveUp() {
        if (!ends()) {
            return false;
        }
        cancel();
        return true;
    }

    /** Stops the call. */
    void cancel() {
        state.set(State.OVER);
        var call = attempt;
        if (call != null) {
            call.cancel();
        }
    }

    @Override
    public void answerHead(HttpResponse response, @Nullable EntityDetails content) {
        head = response;
        var answer = new HeldAnswer(response, content);
        if (events.keepsBack(response.getCode())) {
            held = answer;
            status = response.getCode();
        } else if (events.anotherMayTakeOver()
                && AnswerHead.of(response, content, false).isReadableStream()) {
            held = answer;
            firstEvent = new SseParser(FIRST_EVENT, this::take);
        } else {
            passOn(answer);
        }
    }

    @Override
    public void answerPiece(ByteBuffer piece) {
        var answer = held;
        if (answer == null) {
            tell(() -> events.client().answerPiece(piece));
            return;
        }
        takenAhead(piece.remaining());
        boolean fits = answer.add(piece);
        boolean decided = firstEvent != null && begins(piece);
        if (!fits && status == UNAUTHORIZED) {
            keepBack(answer);
        } else if (!fits || decided) {
            passOn(answer);
        }
    }

    @Override
    public void answerEnd() {
        var call = attempt;
        if (call != null) {
            call.answerEnded();
        }
        var answer = held;
        if (answer == null) {
            tell(events.client()::answerEnd);
            return;
        }
        answer.end();
        if (status == 0) {
            passOn(answer);
        } else {
            keepBack(answer);
        }
    }

    @Override
    public void answerFailed(Exception cause) {
        if (passesOn()) {
            events.client().answerFailed(cause);
            return;
        }
        restMissing(Failure.of(cause));
    }

    /** No other credential would help. */
    @Override
    public void fault(Throwable cause) {
        events.client().fault(cause);
    }

    /** The rest of the answer, or all of it, does not come: the try is over, if it was not and is not passed on. */
    void restMissing(Failure failure) {
        var answer = held;
        if (answer != null && saysAll()) {
            keepBack(answer);
        } else if (giveUp()) {
            events.failed(this, failure);
        }
    }

    /** Behind its error event a stream has no more to say; and the words of a 401 are never told. */
    private boolean saysAll() {
        return status == UNAUTHORIZED || status != 0 && seen != null;
    }

    /** Looks for the first event; true when the stream is to be passed on. */
    private boolean begins(ByteBuffer piece) {
        var parser = firstEvent;
        try {
            if (parser != null) {
                parser.feed(piece);
            }
        } catch (EventTooLargeException noError) {
            return true;
        }
        var event = seen;
        if (event == null) {
            return false;
        }
        firstEvent = null;
        int failed = FirstEvent.status(event);
        if (failed != 0 && events.keepsBack(failed)) {
            status = failed;
            return false;
        }
        return true;
    }

    private void take(SseEvent event) {
        if (seen == null) {
            seen = event;
        }
    }

    private void passOn(HeldAnswer answer) {
        held = null;
        if (state.compareAndSet(State.OPEN, State.PASSING)) {
            events.passedOn(this);
            // A stream may go on for an hour: nothing that only its beginning needed is kept as long.
            head = null;
            seen = null;
            firstEvent = null;
            answer.tell(events.client());
        }
    }

    private void keepBack(HeldAnswer answer) {
        if (ends()) {
            answer.end();
            cancel();
            events.keptBack(this, status, answer);
        }
    }

    private boolean ends() {
        return state.compareAndSet(State.OPEN, State.OVER);
    }

    private void tell(Runnable news) {
        if (passesOn()) {
            news.run();
        }
    }

    /** What is kept back does not stop the upstream, whose window would else be full. */
    private void takenAhead(int bytes) {
        var call = attempt;
        if (call != null) {
            call.answer().takenAhead(bytes);
        }
    }

    private static Optional<String> field(HttpResponse response, String name) {
        return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
    }
}
