package dev.warder.proxy;

import dev.warder.http.AccessLine.End;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.json.Chunks;
import dev.warder.json.GzipContent;
import dev.warder.json.JsonOutline;
import dev.warder.json.MemoryBudget;
import dev.warder.upstream.UpstreamCall;
import jakarta.servlet.ServletInputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.jspecify.annotations.Nullable;

/**
 * The way up of one exchange: its body, collected or relayed, the memory that a collected body holds, and the call.
 *
 * <p>Thread-safe. Callbacks come from the container and from the reactor; the flags are volatile, each is set once for a
 * try, and whoever sets one looks at the others afterwards.
 */
final class UpstreamRequest implements BodyCollector.Events, RequestProgress {
    /** What comes of the request before the upstream has said anything; called without the lock. */
    interface Events {
        /** The request is not sent. */
        void refused(ErrorReply reply);

        /** The client was lost before the end of its body. */
        void clientGone();
    }

    private final ProxyContext context;
    private final Call call;
    private final Decisions decisions;
    private final RequestHead head;
    private final ReadTurn turn;
    private final UpstreamAnswer answer;
    private final Deadlines deadlines;
    private final Executor aside;
    private final Events events;
    private final long began;

    private volatile @Nullable BodyReader reader;
    private volatile @Nullable BodyCollector collector;
    private volatile @Nullable RequestRelay relay;
    private volatile @Nullable CollectedContent content;
    private volatile MemoryBudget.@Nullable Permit permit;
    private volatile @Nullable UpstreamCall running;
    private volatile boolean waitsForMemory;
    private volatile boolean sending;
    private volatile boolean sentAll;
    private volatile boolean contentReleased;
    private volatile boolean answered;
    private volatile boolean answerEnded;
    private volatile boolean aborted;

    /** What takes time is done {@code aside}, on threads that nobody else waits for. */
    UpstreamRequest(
            ProxyContext context,
            Call call,
            Decisions decisions,
            RequestHead head,
            ReadTurn turn,
            UpstreamAnswer answer,
            Deadlines deadlines,
            Executor aside,
            Events events) {
        this.context = context;
        this.call = call;
        this.decisions = decisions;
        this.head = head;
        this.turn = turn;
        this.answer = answer;
        this.deadlines = deadlines;
        this.aside = aside;
        this.events = events;
        this.began = now();
    }

    /** Begins on the container's thread, still inside {@code service}. */
    void start(ServletInputStream in) {
        if (call.route().isCollected()) {
            collect(in);
        } else if (head.hasBody()) {
            var piecewise =
                    new RequestRelay(turn, in, head.contentLength(), this, call.line()::read, events::clientGone);
            relay = piecewise;
            reader = piecewise.listener();
            send(head.fields(), piecewise, false);
            in.setReadListener(piecewise.listener());
        } else {
            sentAll = true;
            contentReleased = true;
            send(head.fields(), null, false);
        }
    }

    /** The answer has begun: a body that was sent is not needed again. */
    void answered() {
        answered = true;
        var collected = content;
        if (collected != null) {
            collected.answered();
        }
        releaseMemory();
    }

    /** The answer was read whole: the connection is free, if the request was taken whole too. */
    void answerEnded() {
        answerEnded = true;
    }

    /** Stops whatever goes on, and lets go of the body; harmless when all is over. */
    void abort() {
        aborted = true;
        var collecting = collector;
        if (collecting != null) {
            collecting.close();
        }
        var relaying = relay;
        if (relaying != null) {
            relaying.close();
        }
        giveUpContent();
        var sent = running;
        if (sent != null && !(answerEnded && sentAll)) {
            sent.cancel();
        }
        releaseMemory();
    }

    /**
     * Reads and drops what the client still sends of a request that was answered with an error, so that the answer is not
     * lost with a connection that is reset (RFC 9112, section 9.6); then does what is {@code next}.
     */
    void dropRest(Runnable next) {
        var reading = reader;
        if (reading == null) {
            next.run();
        } else {
            reading.drop(next);
        }
    }

    /** What has been waited for too long, while nothing was answered yet. */
    Optional<Failure> overdue(long now) {
        if (waitsForMemory) {
            return now - began > context.config().limits().memoryWait().toNanos()
                    ? Optional.of(new Failure(noRoom(), End.REFUSED))
                    : Optional.empty();
        }
        boolean late = sentAll ? deadlines.firstByteOverdue(now) : waitsForUpstream() && deadlines.upstreamIdle(now);
        return sending && late
                ? Optional.of(new Failure(ErrorReply.timeout("The upstream did not answer in time."), End.TIMEOUT))
                : Optional.empty();
    }

    @Override
    public void collected(Chunks body, JsonOutline outline) {
        collector = null;
        var model = outline.model(body);
        model.ifPresent(call.line()::model);
        if (outline.streams()) {
            deadlines.streaming();
        }
        var client = decisions.client();
        if (!model.map(client::mayUse).orElse(!client.restricted())) {
            events.refused(ErrorReply.forbidden("This access token may not use the model that was asked for."));
            return;
        }
        var refusal = decisions.refusal();
        if (refusal.isPresent()) {
            events.refused(refusal.get());
            return;
        }
        var splices = decisions.edit().splices(outline, body);
        var whole = new CollectedContent(body.splice(splices), body, this);
        content = whole;
        send(head.collectedFields(), whole, outline.streams());
    }

    @Override
    public void unacceptable(ErrorReply reply) {
        events.refused(reply);
    }

    @Override
    public void clientGone() {
        events.clientGone();
    }

    @Override
    public void begunAgain() {
        sentAll = false;
        contentReleased = false;
    }

    @Override
    public void sent() {
        deadlines.upstreamMoved(now());
    }

    @Override
    public void sentAll() {
        deadlines.upstreamMoved(now());
        sentAll = true;
        releaseMemory();
    }

    @Override
    public void released() {
        contentReleased = true;
        releaseMemory();
    }

    private void collect(ServletInputStream in) {
        long limit = context.config().limits().body();
        long expected = Math.max(0, Math.min(head.contentLength(), limit));
        // The arrays of coded bytes are let go of one by one as they are decoded.
        var empty = head.isGzip() ? new Chunks(expected) : new Chunks(expected, context.segments());
        var body = new BodyCollector(turn, in, head, empty, limit, call.line()::read, aside, this);
        collector = body;
        reader = body.listener();
        waitsForMemory = true;
        long coded = head.contentLength() >= 0 ? head.contentLength() : limit;
        // While a body is decoded there are both, the rest of the one and what there is of the other.
        long room = head.isGzip() ? coded + Math.min(limit, GzipContent.longest(coded)) : coded;
        // A body in arrays of the pool needs no room beside them.
        long beside = head.isGzip() ? 0 : room;
        permit = context.memory().request(room, () -> {
            waitsForMemory = false;
            context.segments().leaveRoomFor(Math.max(0, context.memory().used() - beside));
            body.granted();
        });
        releaseMemory();
        in.setReadListener(body.listener());
    }

    private void send(List<Field> fields, @Nullable RequestContent content, boolean streams) {
        if (aborted) {
            return;
        }
        var upstream = context.config().upstream();
        var message = head.message(
                context.client().host(),
                upstream.url().getRawPath(),
                decisions.credential().addTo(fields),
                upstream.version());
        deadlines.upstreamMoved(now());
        sending = true;
        running = context.client().execute(streams, new BasicRequestProducer(message, content), answer, answer);
        if (aborted) {
            abort();
        }
    }

    private void giveUpContent() {
        var collected = content;
        if (collected != null) {
            collected.giveUp();
        }
    }

    private boolean waitsForUpstream() {
        var relaying = relay;
        return relaying == null || relaying.waitsForUpstream();
    }

    /** A body is held until the answer has begun and nothing more of the body will be sent. */
    private void releaseMemory() {
        var held = permit;
        if (held != null && (aborted || answered && (sentAll || contentReleased))) {
            held.release();
        }
    }

    private static ErrorReply noRoom() {
        return ErrorReply.overloaded("The gateway has no room for another request body.", 5);
    }

    private long now() {
        return context.nanoTime().getAsLong();
    }
}
