package dev.warder.proxy;

import dev.warder.credential.Outcome;
import dev.warder.credential.Try;
import dev.warder.credential.UpstreamCredential;
import java.io.IOException;
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

        /** Whether earlier tries have failed, so that it counts what the first event of a stream is. */
        boolean hasUnproven();

        /** The answer is the one that the client gets; what it is follows at {@link #client}. */
        void passedOn(ManagedTry from);

        /** What came of a try whose answer is passed on, before the client gets what shows it. */
        void judged(ManagedTry from, Outcome outcome);

        /** Who takes an answer that is passed on. */
        UpstreamAnswer.Events client();
    }

    private enum State {
        OPEN,
        PASSING,
        OVER
    }

    private static final int UNAUTHORIZED = 401;

    private final Try use;
    private final UpstreamCredential credential;
    private final Events events;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private volatile @Nullable Attempt attempt;
    private volatile @Nullable HeldAnswer held;
    private volatile int status;

    /** Of a stream whose first event shows what becomes of it. */
    private volatile @Nullable FirstEvent firstEvent;

    private volatile boolean errorSeen;
    private volatile @Nullable HttpResponse head;
    private volatile boolean unreachable;

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
            return unreachable ? new Outcome.Unreachable() : new Outcome.Lost();
        }
        return answered(told, statusOf(told));
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
        if (events.keepsBack(response.getCode())) {
            held = new HeldAnswer(response, content);
            status = response.getCode();
        } else if (AnswerHead.isEventStream(content)) {
            beginStream(response, content);
        } else {
            // Until its first byte or its end.
            held = new HeldAnswer(response, content);
            if (AnswerHead.mayBeUnusable(response)) {
                passOnHeld();
            }
        }
    }

    /** A stream begins for the client with its head, unless another credential could take over after its first event. */
    private void beginStream(HttpResponse response, @Nullable EntityDetails content) {
        var answer = new HeldAnswer(response, content);
        boolean readable = AnswerHead.of(response, content, false).isReadableStream();
        boolean another = readable && events.anotherMayTakeOver();
        boolean unproven = events.hasUnproven();
        if (another || readable && unproven) {
            firstEvent = new FirstEvent();
        }
        if (another) {
            held = answer;
        } else if (unproven) {
            // Its first event will show what it is; that of a coded one is not read.
            passOn(answer, readable ? null : new Outcome.Unknown());
        } else {
            passOn(answer, answered(response, response.getCode()));
        }
    }

    @Override
    public void answerPiece(ByteBuffer piece) {
        if (status == 0 && firstEvent == null && piece.hasRemaining()) {
            passOnHeld();
        }
        var answer = held;
        if (answer == null) {
            watch(piece);
            tell(() -> events.client().answerPiece(piece));
            return;
        }
        takenAhead(piece.remaining());
        boolean fits = answer.add(piece);
        var first = firstEvent;
        boolean decided = first != null && begins(first, piece);
        if (!fits && status == UNAUTHORIZED) {
            keepBack(answer);
        } else if (!fits || decided) {
            passOnHeld();
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
            endOfEvents();
            tell(events.client()::answerEnd);
            return;
        }
        answer.end();
        if (status == 0) {
            passOnHeld();
        } else {
            keepBack(answer);
        }
    }

    @Override
    public void answerFailed(Exception cause) {
        if (passesOn()) {
            endOfEvents();
            events.client().answerFailed(cause);
            return;
        }
        var call = attempt;
        unreachable = cause instanceof IOException && call != null && !call.isSent();
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
        return status == UNAUTHORIZED || errorSeen;
    }

    /** Looks for the first event; true when the stream is to be passed on. */
    private boolean begins(FirstEvent first, ByteBuffer piece) {
        if (!first.feed(piece)) {
            return false;
        }
        int failed = first.status();
        if (failed != 0 && events.keepsBack(failed)) {
            firstEvent = null;
            errorSeen = true;
            status = failed;
            return false;
        }
        return true;
    }

    /** Looks for the first event of a stream that is passed on, where it counts. */
    private void watch(ByteBuffer piece) {
        var first = firstEvent;
        var response = head;
        if (first != null && response != null && passesOn() && first.feed(piece.duplicate())) {
            judge(eventOutcome(response, first));
        }
    }

    /** The stream is over: it shows no more what it was. */
    private void endOfEvents() {
        if (firstEvent != null) {
            judge(new Outcome.Unknown());
        }
    }

    /** Passes on what was kept back: a whole answer of which a byte has come, or a stream whose first event is known. */
    private void passOnHeld() {
        var answer = held;
        var response = head;
        var first = firstEvent;
        if (answer != null && response != null) {
            passOn(answer, first == null ? answered(response, statusOf(response)) : eventOutcome(response, first));
        }
    }

    /** @param outcome null where the first event is still to show it */
    private void passOn(HeldAnswer answer, @Nullable Outcome outcome) {
        held = null;
        if (state.compareAndSet(State.OPEN, State.PASSING)) {
            events.passedOn(this);
            if (outcome != null) {
                judge(outcome);
            }
            answer.tell(events.client());
        }
    }

    /** A stream may go on for an hour: nothing that only its beginning needed is kept as long. */
    private void judge(Outcome outcome) {
        events.judged(this, outcome);
        head = null;
        firstEvent = null;
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

    private int statusOf(HttpResponse response) {
        return status == 0 ? response.getCode() : status;
    }

    /** What a stream is by its first event; unknown without one. */
    private static Outcome eventOutcome(HttpResponse response, FirstEvent first) {
        if (!first.isKnown()) {
            return new Outcome.Unknown();
        }
        return answered(response, first.status() == 0 ? response.getCode() : first.status());
    }

    private static Outcome answered(HttpResponse response, int status) {
        return new Outcome.Answered(status, name -> field(response, name));
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
