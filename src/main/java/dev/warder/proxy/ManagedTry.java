package dev.warder.proxy;

import dev.warder.credential.Outcome;
import dev.warder.credential.Try;
import dev.warder.credential.UpstreamCredential;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One managed credential at work for one request: passes its answer on, or keeps it back while another credential could
 * give a better one, which is told once it is known whole. An event stream is kept back until its first event shows that it
 * does not begin with an error.
 *
 * <p>Answers come on reactor threads, one at a time; {@link #giveUp} and {@link #cancel} on any.
 */
final class ManagedTry implements ResponseSink {
    /** What becomes of a try. */
    interface Events {
        /** Whether an answer with this status is kept back. */
        boolean keepsBack(int status);

        /** Whether another credential could take over, so that an event stream is kept back until its first event. */
        boolean anotherMayTakeOver();

        /** An answer with this status was kept back and is known whole. */
        void keptBack(ManagedTry from, int status, HeldResponse response);

        /** The try came to nothing. */
        void failed(ManagedTry from, Failure failure);

        /** Whether earlier tries have failed, so that it counts what the first event of a stream is. */
        boolean hasUnproven();

        /** The answer is the one that the client gets; what it is follows at {@link #client}. */
        void passedOn(ManagedTry from);

        /** What came of a try whose answer is passed on, before the client gets what shows it. */
        void judged(ManagedTry from, Outcome outcome);

        /** Receives a response that is passed on. */
        ResponseSink client();
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
    private volatile @Nullable HeldResponse held;
    private volatile @Nullable Flow flow;
    private volatile int status;

    /** Of a stream whose first event shows what becomes of it. */
    private volatile @Nullable FirstEvent firstEvent;

    private volatile boolean errorSeen;
    private volatile @Nullable ResponseHead head;
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
    public void head(ResponseHead response, Flow upstream) {
        head = response;
        flow = upstream;
        var begun = new HeldResponse(response, upstream);
        if (events.keepsBack(response.status())) {
            held = begun;
            status = response.status();
        } else if (response.eventStream()) {
            beginStream(response, begun);
        } else {
            // Until its first byte or its end.
            held = begun;
            if (response.isUnusable()) {
                passOnHeld();
            }
        }
    }

    /** A stream begins for the client with its head, unless another credential could take over after its first event. */
    private void beginStream(ResponseHead response, HeldResponse begun) {
        boolean readable = response.isReadableStream();
        boolean another = readable && events.anotherMayTakeOver();
        boolean unproven = events.hasUnproven();
        if (another || readable && unproven) {
            firstEvent = new FirstEvent();
        }
        if (another) {
            held = begun;
        } else if (unproven) {
            // Its first event will show what it is; that of a coded one is not read.
            passOn(begun, readable ? null : new Outcome.Unknown());
        } else {
            passOn(begun, answered(response, response.status()));
        }
    }

    @Override
    public void piece(byte[] bytes, int read) {
        if (status == 0 && firstEvent == null && bytes.length > 0) {
            passOnHeld();
        }
        var response = held;
        if (response == null) {
            watch(bytes);
            if (passesOn()) {
                events.client().piece(bytes, read);
            }
            return;
        }
        heldBack(read);
        boolean fits = response.add(bytes);
        var first = firstEvent;
        boolean decided = first != null && begins(first, bytes);
        if (!fits && status == UNAUTHORIZED) {
            keepBack(response);
        } else if (!fits || decided) {
            passOnHeld();
        }
    }

    @Override
    public void end() {
        var response = held;
        if (response == null) {
            endOfEvents();
            if (passesOn()) {
                events.client().end();
            }
            return;
        }
        response.end();
        if (status == 0) {
            passOnHeld();
        } else {
            keepBack(response);
        }
    }

    @Override
    public void failed(Failure failure) {
        if (passesOn()) {
            endOfEvents();
            events.client().failed(failure);
            return;
        }
        var call = attempt;
        unreachable = failure.lost() && call != null && !call.isSent();
        restMissing(failure);
    }

    /** The rest of the response, or all of it, does not come: the try is over, if it was not and is not passed on. */
    void restMissing(Failure failure) {
        var response = held;
        if (response != null && saysAll()) {
            keepBack(response);
        } else if (giveUp()) {
            events.failed(this, failure);
        }
    }

    /** Nothing of use follows the error event of a stream, and the content of a 401 is not passed on. */
    private boolean saysAll() {
        return status == UNAUTHORIZED || errorSeen;
    }

    /** Looks for the first event; true when the stream is to be passed on. */
    private boolean begins(FirstEvent first, byte[] piece) {
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
    private void watch(byte[] piece) {
        var first = firstEvent;
        var response = head;
        if (first != null && response != null && passesOn() && first.feed(piece)) {
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
    private void passOn(HeldResponse response, @Nullable Outcome outcome) {
        held = null;
        if (state.compareAndSet(State.OPEN, State.PASSING)) {
            events.passedOn(this);
            if (outcome != null) {
                judge(outcome);
            }
            response.passTo(events.client());
        }
    }

    /** A stream may go on for an hour: nothing that only its beginning needed is kept as long. */
    private void judge(Outcome outcome) {
        events.judged(this, outcome);
        head = null;
        firstEvent = null;
    }

    private void keepBack(HeldResponse response) {
        if (ends()) {
            response.end();
            cancel();
            events.keptBack(this, status, response);
        }
    }

    private boolean ends() {
        return state.compareAndSet(State.OPEN, State.OVER);
    }

    private int statusOf(ResponseHead response) {
        return status == 0 ? response.status() : status;
    }

    /** What a stream is by its first event; unknown without one. */
    private static Outcome eventOutcome(ResponseHead response, FirstEvent first) {
        if (!first.isKnown()) {
            return new Outcome.Unknown();
        }
        return answered(response, first.status() == 0 ? response.status() : first.status());
    }

    private static Outcome answered(ResponseHead response, int status) {
        return new Outcome.Answered(status, response::field);
    }

    /** What is held back does not stop the upstream, whose window would else be full. */
    private void heldBack(int bytes) {
        var upstream = flow;
        if (upstream != null) {
            upstream.heldBack(bytes);
        }
    }
}
