package dev.warder.proxy;

import dev.warder.body.Chunks;
import dev.warder.container.SerialTurn;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Route;
import dev.warder.json.JsonException;
import dev.warder.json.JsonOutline;
import dev.warder.json.OutlineScanner;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.translation.AnswerTranslation;
import dev.warder.translation.Translation;
import jakarta.servlet.ServletInputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The way up of one exchange: its body, collected or relayed, and the memory that a collected body holds.
 *
 * <p>Thread-safe. Callbacks come from the container and from the reactor; the flags are volatile, each is set once for a
 * try, and whoever sets one looks at the others afterwards.
 */
final class UpstreamRequest implements BodyCollector.Events {
    /** What comes of the request, and of what the upstream says to it; called without a lock. */
    interface Events extends ResponseSink, RequestRelay.Events {
        /** The request is not sent. */
        void refused(ErrorReply reply);
    }

    /** How often a body is there while it is translated: its bytes, a document, another one of it, and that one's bytes. */
    private static final int TRANSLATION_COPIES = 4;

    /** What the values of a body that is translated may take in any case, however small the memory for bodies is. */
    private static final long LEAST_VALUE_MEMORY = 8 << 20;

    private final ProxyContext context;
    private final RequestRecord record;
    private final Call call;
    private final Decisions decisions;
    private final RequestHead head;
    private final SerialTurn turn;
    private final Deadlines deadlines;
    private final Aside aside;
    private final Events events;
    private final Calls calls;

    private volatile @Nullable BodyReader reader;
    private volatile @Nullable BodyCollector collector;
    private volatile @Nullable RequestRelay relay;
    private volatile @Nullable BodyMemory memory;
    private final ClientPace pace;
    private final AtomicLong received = new AtomicLong();
    private volatile @Nullable AnswerTranslation translation;
    private volatile @Nullable JsonOutline sent;
    private volatile boolean answered;
    private volatile boolean aborted;

    /** What takes time is done {@code aside}, on threads that nobody else waits for. */
    UpstreamRequest(
            ProxyContext context,
            RequestRecord record,
            Decisions decisions,
            RequestHead head,
            SerialTurn turn,
            Deadlines deadlines,
            Aside aside,
            Events events) {
        this.context = context;
        this.record = record;
        this.call = record.call();
        this.decisions = decisions;
        this.head = head;
        this.turn = turn;
        this.deadlines = deadlines;
        this.aside = aside;
        this.events = events;
        this.calls = new Calls(context, record, decisions.choice(), head, deadlines, events, events);
        this.pace = new ClientPace(context.config().timeouts().clientRead(), now());
    }

    /** Begins on the container's thread, still inside {@code service}. */
    void start(ServletInputStream in) {
        if (call.route().isCollected()) {
            collect(in);
        } else if (decisions.translation().isPresent()) {
            translate(decisions.translation().get(), new Chunks());
        } else if (head.hasBody()) {
            var sending = newSending();
            var piecewise = new RequestRelay(turn, in, head.contentLength(), sending, this::read, events);
            relay = piecewise;
            reader = piecewise.listener();
            calls.begin(Outgoing.once(head.path(), head.fields(), piecewise, sending));
            listen(in, piecewise.listener());
        } else {
            var fields = decisions.responseEdit().isPresent() ? head.editableFields() : head.fields();
            calls.begin(Outgoing.empty(head.path(), fields, call.route() != Route.RAW, this::newSending));
        }
    }

    /** Reads what has come of a body that is read. */
    void readNow() {
        var reading = reader;
        if (reading != null) {
            reading.readAndTell();
        }
    }

    /** What makes the caller's answer of the upstream's, where they are not the same. */
    Optional<AnswerTranslation> translation() {
        return Optional.ofNullable(translation);
    }

    /** The stage that edits the content of the response before {@code next}; {@code next} itself where nothing does. */
    ResponseSink edited(ResponseSink next) {
        return decisions
                .responseEdit()
                .<ResponseSink>map(edit -> new EditStage(edit, Optional.ofNullable(sent), next))
                .orElse(next);
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
        var held = memory;
        if (held != null
                && held.waited(now) > context.config().limits().memoryWait().toNanos()) {
            return Optional.of(new Failure(noRoom(), RequestEnd.REFUSED));
        }
        var collecting = collector;
        var relaying = relay;
        boolean asks = collecting != null ? collecting.asks() : relaying != null && relaying.asks();
        if (pace.isTooSlow(now, asks, received.get())) {
            return Optional.of(new Failure(ErrorReply.tooSlow(), RequestEnd.TIMEOUT));
        }
        return calls.overdue(now, relaying != null && !relaying.waitsForUpstream());
    }

    @Override
    public void collected(Chunks body, JsonOutline outline) {
        collector = null;
        outline.modelName().ifPresent(record::model);
        var dialect = decisions.translation();
        if (dialect.isEmpty()) {
            keep(body.length());
            send(head.path(), head.collectedFields(), body, outline);
        } else {
            aside.run(() -> weigh(dialect.get(), body));
        }
    }

    /** Charges what the translation of a whole body takes, and goes on when it is there. */
    private void weigh(Translation dialect, Chunks body) {
        var held = memory;
        if (aborted || held == null) {
            return;
        }
        long values = dialect.valueMemory(body);
        if (values > Math.max(LEAST_VALUE_MEMORY, held.total() / 2)) {
            events.refused(ErrorReply.tooLarge("The request body has more JSON values than are taken here."));
            return;
        }
        long all = TRANSLATION_COPIES * body.length() + values;
        keep(all);
        if (held.charge(all, () -> aside.run(() -> translate(dialect, body)))) {
            translate(dialect, body);
        }
    }

    private void read(long bytes) {
        received.addAndGet(bytes);
        record.read(bytes);
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
        if (translated.body().length() == 0) {
            calls.begin(Outgoing.empty(translated.path(), fields, true, this::newSending));
            return;
        }
        try {
            var outline = OutlineScanner.outline(translated.body(), decisions.policy());
            outline.modelName().ifPresent(record::model);
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
        sent = outline;
        var splices = decisions.edit().splices(outline, body);
        calls.begin(Outgoing.collected(
                path,
                splices.isEmpty() ? fields : RequestHead.withoutDigests(fields),
                outline.streams(),
                outline.modelName(),
                body.splice(splices),
                body,
                this::newSending));
    }

    private void collect(ServletInputStream in) {
        long limit = context.config().limits().body();
        long expected = Math.max(0, Math.min(head.contentLength(), limit));
        // The arrays of coded bytes are let go of one by one as they are decoded.
        var empty = head.isGzip() ? new Chunks(expected) : new Chunks(expected, context.segments());
        int factor = decisions.translation().isPresent() ? TRANSLATION_COPIES : 1;
        long bound = head.contentLength() >= 0 ? expected : limit;
        var claim = context.memory().claim(context.shares().memory(decisions.client()), head.contentLength());
        var held = new BodyMemory(
                context.memory(),
                claim,
                context.segments(),
                context.nanoTime(),
                bound,
                head.isGzip() ? 1 : factor,
                factor,
                this);
        memory = held;
        var body = new BodyCollector(
                turn, in, head, empty, limit, decisions.policyOfArrival(), held, this::read, aside, this);
        collector = body;
        reader = body.listener();
        releaseMemory();
        listen(in, body.listener());
    }

    /** An exchange that has ended by now needs no body. */
    private void listen(ServletInputStream in, BodyReader listener) {
        if (!turn.over()) {
            in.setReadListener(listener);
        }
    }

    private Sending newSending() {
        return new Sending(deadlines, context.nanoTime(), this::releaseMemory);
    }

    /** Gives back what is charged beyond {@code bytes}: the rest is gone, while the response may take minutes. */
    private void keep(long bytes) {
        var held = memory;
        if (held != null) {
            held.keep(bytes);
        }
    }

    /** A body is held until the answer has begun and nothing more of the body will be sent. */
    private void releaseMemory() {
        var held = memory;
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
