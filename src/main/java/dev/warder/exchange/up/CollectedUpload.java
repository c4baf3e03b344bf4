package dev.warder.exchange.up;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.auth.Inquiry;
import dev.warder.body.Chunks;
import dev.warder.body.GzipDecoder;
import dev.warder.body.GzipDecoder.GzipException;
import dev.warder.container.Held;
import dev.warder.container.OffloadExecutor;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.up.Upload.Arrival;
import dev.warder.exchange.up.Upload.BodyStorage;
import dev.warder.exchange.up.Upload.EditedBody;
import dev.warder.exchange.up.Upload.Outgoing;
import dev.warder.exchange.up.Upload.RefusalHandler;
import dev.warder.http.BodyReader;
import dev.warder.http.ErrorReply;
import dev.warder.json.BodyPolicy;
import dev.warder.json.JsonException;
import dev.warder.json.JsonKind;
import dev.warder.json.JsonOutline;
import dev.warder.json.OutlineScanner;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.stream.Translation;
import dev.warder.stream.Translation.ResponseTranslation;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A request with a JSON body that is collected, checked as it comes, perhaps decoded and translated, and edited when it is
 * sent, after the gates have seen it. Memory is charged before each read, and while there is none the client's socket stays
 * unread. A body that turns out wrong is still read and dropped, up to twice the limit, so that a client which writes it whole
 * before it reads receives the response.
 *
 * <p>A coded body is decoded on another thread, since that takes a while, 0.3 s for 64 MiB, and a container's thread may be one
 * that selects for other clients too. A large one is translated on another thread for the same reason.
 */
final class CollectedUpload implements Upload, BodyReader.Sink {
    private static final int ROOM_RETRY_SECONDS = 5;
    private static final String NODE_IS_FULL =
            "The request body waited too long for memory, which other request bodies use."
                    + " An operator can raise limits.memory (and the heap) or limits.memoryWait.";
    private static final String CLIENT_IS_FULL =
            "The request body waited too long for memory, of which this client's other request bodies use its share."
                    + " Send fewer at once, or have an operator raise limits.clientMemory.";

    /** The most copies that exist while a body is translated: its bytes, two documents, and the bytes of the second. */
    private static final int COPIES = 4;

    /** The memory that the values of a translated body may take in any case, however small the memory for bodies is. */
    private static final long LEAST_VALUE_MEMORY = 8 << 20;

    private final BodyStorage bodies;
    private final RequestRecord record;
    private final Decisions decisions;
    private final Deadlines deadlines;
    private final OffloadExecutor offload;
    private final Events events;
    private final RefusalHandler exchange;
    private final BodyPolicy policy;
    private final BodyMemory memory;
    private final BodyReader reader;

    /** A whole body that waits for a thread or for memory; released at the end. */
    private final Held<Chunks> whole = new Held<>();

    @GuardedBy("this")
    private @Nullable Chunks body;

    /** Null for a coded body, which is scanned once it is decoded. */
    @GuardedBy("this")
    private @Nullable OutlineScanner scanner;

    @GuardedBy("this")
    private long received;

    @GuardedBy("this")
    private boolean done;

    @GuardedBy("this")
    private @Nullable ErrorReply fault;

    /** Null once the body is prepared: a stream may go on for an hour. */
    private @Nullable RequestHead arrived;

    /** This and the translation are written before {@link Events#prepared}, whose lock makes them visible to what follows. */
    private @Nullable PreparedBody prepared;

    private @Nullable ResponseTranslation translation;

    /** For an edit of the response; written before the request is sent, and read once it has a response. */
    private @Nullable JsonOutline sent;

    private boolean begun;

    CollectedUpload(
            BodyStorage bodies,
            Arrival arrival,
            Deadlines deadlines,
            OffloadExecutor offload,
            Events events,
            RefusalHandler exchange) {
        var head = arrival.head();
        this.bodies = bodies;
        this.record = arrival.record();
        this.decisions = arrival.decisions();
        this.arrived = head;
        this.deadlines = deadlines;
        this.offload = offload;
        this.events = events;
        this.exchange = exchange;
        this.policy = decisions.policyOfArrival();
        long expected = Math.max(0, Math.min(head.contentLength(), bodies.limit()));
        this.memory = new BodyMemory(
                bodies,
                bodies.memory().claim(bodies.share().apply(decisions.client()), head.contentLength()),
                head.contentLength() >= 0 ? expected : bodies.limit(),
                head.isGzip() ? 1 : copies(),
                exchange);
        // The arrays of coded bytes are released one by one as they are decoded.
        this.body = head.isGzip() ? new Chunks(expected) : new Chunks(expected, bodies.segments());
        this.scanner = head.isGzip() ? null : new OutlineScanner(body, policy);
        this.reader =
                new BodyReader(arrival.turn(), arrival.in(), arrival.head().contentLength(), this, exchange);
    }

    private int copies() {
        return decisions.translation().isPresent() ? COPIES : 1;
    }

    @Override
    public void open() {}

    @Override
    public Optional<BodyReader> reader() {
        return Optional.of(reader);
    }

    @Override
    public synchronized boolean asks() {
        return !done && !memory.waits();
    }

    @Override
    public Optional<Failure> overdue(long now) {
        if (!memory.isOverdue(now, bodies.longestWait())) {
            return Optional.empty();
        }
        var reply = ErrorReply.overloaded(memory.waitsForShare() ? CLIENT_IS_FULL : NODE_IS_FULL, ROOM_RETRY_SECONDS);
        return Optional.of(new Failure(reply, RequestEnd.REFUSED));
    }

    @Override
    public boolean wants() {
        long soFar;
        synchronized (this) {
            if (done || received > 2 * bodies.limit()) {
                return false;
            }
            if (fault != null) {
                return true;
            }
            soFar = received;
        }
        // Without the lock: it may run what others have waited for.
        return memory.covers(soFar, reader::pull);
    }

    @Override
    public void take(byte[] buffer, int n) {
        boolean useless;
        synchronized (this) {
            received += n;
            if (fault == null && received > bodies.limit()) {
                fault = Upload.tooLarge(bodies.limit());
            } else if (fault == null && body != null) {
                body.append(buffer, 0, n);
                scan(buffer, n);
            }
            useless = fault != null && body != null;
            if (useless) {
                letGo();
            }
        }
        if (useless) {
            memory.release();
        }
    }

    @GuardedBy("this")
    private void scan(byte[] buffer, int n) {
        try {
            if (scanner != null) {
                scanner.feed(buffer, 0, n);
            }
        } catch (JsonException invalid) {
            fault = invalid(invalid);
        }
    }

    @GuardedBy("this")
    private void letGo() {
        body = null;
        scanner = null;
    }

    @Override
    public void taken(int bytes, boolean ended) {
        memory.moved(bytes);
        events.read(bytes);
        Runnable verdict = () -> {};
        synchronized (this) {
            if (!done && (ended || received > 2 * bodies.limit())) {
                done = true;
                verdict = verdict();
                letGo();
            }
        }
        verdict.run();
    }

    /** The next step once the whole body is there, to be run without the lock. */
    @GuardedBy("this")
    private Runnable verdict() {
        if (fault != null) {
            var refusal = fault;
            return () -> exchange.refused(refusal);
        }
        var collected = Objects.requireNonNull(body);
        if (scanner == null) {
            return () -> {
                whole.hold(collected);
                offload.run(() -> whole.find().ifPresent(this::measure));
            };
        }
        try {
            var outline = scanner.finish();
            return () -> collected(collected, outline);
        } catch (JsonException invalid) {
            return () -> exchange.refused(invalid(invalid));
        }
    }

    /** The decoded length is found first, so that memory is charged for what is really there. */
    private void measure(Chunks coded) {
        long length;
        try {
            length = GzipDecoder.length(coded, bodies.limit(), whole::isReleased);
        } catch (GzipException unreadable) {
            refuse(unreadable(unreadable));
            return;
        }
        if (memory.charge(coded.length() + copies() * length, () -> offload.run(this::decode))) {
            decode();
        }
    }

    private void decode() {
        whole.find().ifPresent(this::decode);
    }

    private void decode(Chunks coded) {
        Chunks content;
        JsonOutline outline;
        try {
            content = GzipDecoder.decode(coded, bodies.limit(), whole::isReleased);
            outline = OutlineScanner.outline(content, policy);
        } catch (JsonException invalid) {
            refuse(invalid(invalid));
            return;
        } catch (GzipException unreadable) {
            refuse(unreadable(unreadable));
            return;
        }
        if (!whole.isReleased()) {
            collected(content, outline);
        }
    }

    /** Refuses a body that another thread has looked at, unless the exchange has ended. */
    private void refuse(ErrorReply reply) {
        if (!whole.isReleased()) {
            whole.release();
            exchange.refused(reply);
        }
    }

    private static ErrorReply invalid(JsonException invalid) {
        return ErrorReply.invalidRequest("The request body is not valid: " + invalid.getMessage());
    }

    private static ErrorReply unreadable(GzipException coded) {
        return switch (coded.problem()) {
            case TOO_LARGE ->
                ErrorReply.tooLarge("The request body is larger than is taken here, once it is decoded.")
                        .withErrorCode("request_body_too_large_after_decoding");
            case BROKEN ->
                ErrorReply.invalidRequest(
                                "The request body is not valid gzip content, although its Content-Encoding is gzip.")
                        .withErrorCode("request_body_encoding_invalid");
        };
    }

    private void collected(Chunks content, JsonOutline outline) {
        var dialect = decisions.translation();
        if (dialect.isEmpty()) {
            memory.keep(content.length());
            var head = Objects.requireNonNull(arrived);
            prepare(new PreparedBody(
                    head.with(head.path(), head.collectedFields()), content, outline, Optional.empty()));
            return;
        }
        outline.modelName().ifPresent(record::model);
        whole.hold(content);
        Runnable next = () -> whole.find().ifPresent(found -> weigh(dialect.get(), found));
        // One that waited for memory may have been read by a thread that serves another request.
        if (memory.hasWaited()) {
            offload.run(next);
        } else {
            offload.run(content.length(), next);
        }
    }

    /** Has a body translated as soon as there is memory for it. */
    private void weigh(Translation dialect, Chunks content) {
        long values = dialect.valueMemory(content);
        if (values > Math.max(LEAST_VALUE_MEMORY, bodies.memory().total() / 2)) {
            exchange.refused(ErrorReply.tooLarge("The request body has more JSON values than are taken here."));
            return;
        }
        long all = COPIES * content.length() + values;
        memory.keep(all);
        Runnable next = () -> whole.find().ifPresent(found -> translate(dialect, found));
        if (memory.charge(all, () -> offload.run(next))) {
            next.run();
        }
    }

    private void translate(Translation dialect, Chunks content) {
        var outcome = dialect.translate(content);
        whole.release();
        content.recycle();
        if (outcome instanceof Translation.Outcome.Refused refused) {
            exchange.refused(refused.reply());
        } else if (outcome instanceof Translation.Outcome.Translated request) {
            memory.keep(request.body().length());
            translated(request);
        }
    }

    private void translated(Translation.Outcome.Translated request) {
        JsonOutline outline;
        try {
            outline = OutlineScanner.outline(request.body(), decisions.policy());
        } catch (JsonException deeperThanItCame) {
            exchange.refused(invalid(deeperThanItCame));
            return;
        }
        translation = request.response();
        var head = Objects.requireNonNull(arrived);
        prepare(new PreparedBody(
                head.with(request.path(), head.translatedFields(request.version())),
                request.body(),
                outline,
                request.session()));
    }

    private void prepare(PreparedBody what) {
        what.model().ifPresent(record::model);
        if (what.outline().streams()) {
            deadlines.streaming();
        }
        prepared = what;
        arrived = null;
        events.prepared();
    }

    @Override
    public Optional<Inquiry.Content> content() {
        return Optional.of(Objects.requireNonNull(prepared).content());
    }

    @Override
    public Outgoing outgoing() {
        var what = Objects.requireNonNull(prepared);
        prepared = null;
        sent = decisions.responseEdit().isPresent() ? what.outline() : null;
        var head = what.head();
        var collected = what.body();
        var splices = decisions.edit().splices(what.outline(), collected);
        return new Outgoing(
                splices.isEmpty() ? head : head.with(head.path(), RequestHead.withoutDigests(head.fields())),
                what.outline().streams(),
                true,
                what.model(),
                what.session(),
                new EditedBody(collected, what.outline(), splices, collected.splice(splices)),
                rendered -> begin(Objects.requireNonNull(rendered), collected));
    }

    private SendProgress begin(Chunks rendered, Chunks collected) {
        var sending = events.progress().reportingTo(memory::moved);
        // An earlier try that was cancelled may still look at the arrays: they are not used for other bodies.
        var content = new CollectedContent(rendered, begun ? null : collected, sending);
        begun = true;
        return sending.with(content);
    }

    @Override
    public Optional<JsonOutline> sent() {
        return Optional.ofNullable(sent);
    }

    @Override
    public Optional<ResponseTranslation> translation() {
        return Optional.ofNullable(translation);
    }

    @Override
    public void release() {
        memory.release();
    }

    @Override
    public void close() {
        whole.release();
        synchronized (this) {
            done = true;
            letGo();
        }
        prepared = null;
    }

    /**
     * A collected request as the gates see it: translated, but not edited.
     *
     * @param head with the path and the fields that go upstream, without a credential
     * @param body the content
     * @param outline that of {@code body}
     * @param session the client's name for its conversation, where the body has one
     */
    private record PreparedBody(RequestHead head, Chunks body, JsonOutline outline, Optional<String> session) {
        /** The model that is asked upstream: the scanner has resolved an alias. */
        Optional<String> model() {
            return outline.modelName();
        }

        Inquiry.Content content() {
            return new Inquiry.Content(body.length(), outline, model(), maxTokens());
        }

        private OptionalLong maxTokens() {
            var member = outline.maxTokens();
            if (member.kind() != JsonKind.NUMBER) {
                return OptionalLong.empty();
            }
            try {
                var literal = new String(body.copy(member.from(), member.to()), StandardCharsets.US_ASCII);
                long others = outline.costs().others().maxTokens();
                return OptionalLong.of(Math.max(others, new BigDecimal(literal).longValueExact()));
            } catch (ArithmeticException | NumberFormatException notALong) {
                return OptionalLong.empty();
            }
        }
    }
}
