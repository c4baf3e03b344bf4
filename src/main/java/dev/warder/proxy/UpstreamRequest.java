package dev.warder.proxy;

import dev.warder.http.AccessLine.End;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Route;
import dev.warder.json.Chunks;
import dev.warder.json.GzipContent;
import dev.warder.json.JsonException;
import dev.warder.json.JsonOutline;
import dev.warder.json.MemoryBudget;
import dev.warder.json.OutlineScanner;
import dev.warder.translation.AnswerTranslation;
import dev.warder.translation.Translation;
import jakarta.servlet.ServletInputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way up of one exchange: its body, collected or relayed, and the memory that a collected body holds.
 *
 * <p>Thread-safe. Callbacks come from the container and from the reactor; the flags are volatile, each is set once for a
 * try, and whoever sets one looks at the others afterwards.
 */
final class UpstreamRequest implements BodyCollector.Events {
    /** What comes of the request, and of what the upstream says to it; called without a lock. */
    interface Events extends ManagedTries.Events, RequestRelay.Events {
        /** The request is not sent. */
        void refused(ErrorReply reply);
    }

    /** What a body is beside its bytes while it is translated: a document, another one of it, and that one's bytes. */
    private static final int DOCUMENT_COPIES = 3;

    private final ProxyContext context;
    private final Call call;
    private final Decisions decisions;
    private final RequestHead head;
    private final ReadTurn turn;
    private final Deadlines deadlines;
    private final Aside aside;
    private final Events events;
    private final Calls calls;
    private final long began;

    private volatile @Nullable BodyReader reader;
    private volatile @Nullable BodyCollector collector;
    private volatile @Nullable RequestRelay relay;
    private volatile MemoryBudget.@Nullable Permit permit;
    private volatile @Nullable AnswerTranslation translation;
    private volatile List<Field> translatedFields = List.of();
    private volatile boolean waitsForMemory;
    private volatile boolean answered;
    private volatile boolean aborted;

    /** What takes time is done {@code aside}, on threads that nobody else waits for. */
    UpstreamRequest(
            ProxyContext context,
            Call call,
            Decisions decisions,
            RequestHead head,
            ReadTurn turn,
            Deadlines deadlines,
            Aside aside,
            Events events) {
        this.context = context;
        this.call = call;
        this.decisions = decisions;
        this.head = head;
        this.turn = turn;
        this.deadlines = deadlines;
        this.aside = aside;
        this.events = events;
        this.calls = new Calls(context, call, decisions.choice(), head, deadlines, events);
        this.began = now();
    }

    /** Begins on the container's thread, still inside {@code service}. */
    void start(ServletInputStream in) {
        if (call.route().isCollected()) {
            collect(in);
        } else if (decisions.translation().isPresent()) {
            translate(decisions.translation().get(), new Chunks());
        } else if (head.hasBody()) {
            var sending = newSending();
            var piecewise = new RequestRelay(turn, in, head.contentLength(), sending, call.line()::read, events);
            relay = piecewise;
            reader = piecewise.listener();
            calls.begin(Outgoing.once(head.path(), head.fields(), piecewise, sending));
            in.setReadListener(piecewise.listener());
        } else {
            calls.begin(Outgoing.empty(head.path(), head.fields(), call.route() != Route.RAW, this::newSending));
        }
    }

    /** What makes the caller's answer of the upstream's, where they are not the same. */
    Optional<AnswerTranslation> translation() {
        return Optional.ofNullable(translation);
    }

    /** Asks for a further part of the answer, once the one before was read whole. */
    void more(String path) {
        answered = false;
        calls.more(Outgoing.empty(path, translatedFields, false, this::newSending));
    }

    /** The calls that it makes. */
    Calls calls() {
        return calls;
    }

    /** The answer is passed on: a body that was sent is not needed again. */
    void passedOn() {
        answered = true;
        calls.passedOn();
        releaseMemory();
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
        calls.abort();
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
        var relaying = relay;
        return calls.overdue(now, relaying != null && !relaying.waitsForUpstream());
    }

    @Override
    public void collected(Chunks body, JsonOutline outline) {
        collector = null;
        outline.modelName().ifPresent(call.line()::model);
        var dialect = decisions.translation();
        keep(dialect.isEmpty() ? body.length() : (1 + DOCUMENT_COPIES) * body.length());
        if (dialect.isEmpty()) {
            send(head.path(), head.collectedFields(), body, outline);
        } else {
            aside.run(() -> translate(dialect.get(), body));
        }
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
    public void fault(Throwable cause) {
        events.fault(cause);
    }

    private void translate(Translation dialect, Chunks body) {
        if (aborted) {
            return;
        }
        var outcome = dialect.translate(body);
        body.recycle();
        if (outcome instanceof Translation.Outcome.Refused refused) {
            events.refused(refused.reply());
        } else if (outcome instanceof Translation.Outcome.Translated translated) {
            keep(translated.body().length());
            translation = translated.answer();
            send(translated);
        }
    }

    private void send(Translation.Outcome.Translated translated) {
        var fields = head.translatedFields(translated.version());
        translatedFields = fields;
        if (translated.body().length() == 0) {
            calls.begin(Outgoing.empty(translated.path(), fields, true, this::newSending));
            return;
        }
        try {
            var outline = OutlineScanner.outline(translated.body(), decisions.policy());
            outline.modelName().ifPresent(call.line()::model);
            send(translated.path(), fields, translated.body(), outline);
        } catch (JsonException deeperThanItCame) {
            events.refused(BodyVerdict.invalid(deeperThanItCame));
        }
    }

    private void send(String path, List<Field> fields, Chunks body, JsonOutline outline) {
        if (outline.streams()) {
            deadlines.streaming();
        }
        if (!outline.permitted()) {
            events.refused(ErrorReply.forbidden("This access token may not use a model that the request names."));
            return;
        }
        var refusal = decisions.refusal();
        if (refusal.isPresent()) {
            events.refused(refusal.get());
            return;
        }
        var splices = decisions.edit().splices(outline, body);
        calls.begin(Outgoing.collected(
                path, fields, outline.streams(), outline.modelName(), body.splice(splices), body, this::newSending));
    }

    private void collect(ServletInputStream in) {
        long limit = context.config().limits().body();
        long expected = Math.max(0, Math.min(head.contentLength(), limit));
        // The arrays of coded bytes are let go of one by one as they are decoded.
        var empty = head.isGzip() ? new Chunks(expected) : new Chunks(expected, context.segments());
        var body = new BodyCollector(
                turn, in, head, empty, limit, decisions.policyOfArrival(), call.line()::read, aside, this);
        collector = body;
        reader = body.listener();
        waitsForMemory = true;
        long coded = head.contentLength() >= 0 ? head.contentLength() : limit;
        // While a body is decoded there are both, the rest of the one and what there is of the other.
        long decoded = head.isGzip() ? Math.min(limit, GzipContent.longest(coded)) : 0;
        long document = decisions.translation().isPresent() ? DOCUMENT_COPIES * Math.max(coded, decoded) : 0;
        long room = coded + decoded + document;
        // A body in arrays of the pool needs no room beside them.
        long beside = head.isGzip() ? 0 : coded;
        // The thread is another exchange's, which releases its memory.
        permit = context.memory()
                .request(
                        room,
                        () -> CallbackGuard.run(
                                () -> {
                                    waitsForMemory = false;
                                    context.segments()
                                            .leaveRoomFor(
                                                    Math.max(0, context.memory().used() - beside));
                                    body.granted();
                                },
                                this));
        releaseMemory();
        in.setReadListener(body.listener());
    }

    private Sending newSending() {
        return new Sending(deadlines, context.nanoTime(), this::releaseMemory);
    }

    /**
     * Gives back the room beyond {@code bytes}: of a body that was coded or had no declared length the most was supposed,
     * and its documents are gone once it is translated, while its answer may take minutes.
     */
    private void keep(long bytes) {
        var held = permit;
        if (held != null) {
            held.keep(bytes);
        }
    }

    /** A body is held until the answer has begun and nothing more of the body will be sent. */
    private void releaseMemory() {
        var held = permit;
        if (held != null && (aborted || answered && calls.sendsNoMore())) {
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
