package dev.warder.exchange.up;

import dev.warder.body.Chunks;
import dev.warder.exchange.down.Failure;
import dev.warder.gate.Inquiry;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.json.JsonKind;
import dev.warder.json.JsonOutline;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.state.FaultHandler;
import dev.warder.state.OffloadExecutor;
import dev.warder.stream.ResponseTranslation;
import dev.warder.stream.Translation;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body is collected, checked, perhaps translated, and charged to the memory for bodies. It is edited when
 * it is sent, after the gates have seen it.
 */
final class CollectedUpload implements Upload {
    private static final int ROOM_RETRY_SECONDS = 5;
    private static final String NODE_IS_FULL =
            "The request body waited too long for memory, which other request bodies use."
                    + " An operator can raise limits.memory (and the heap) or limits.memoryWait.";
    private static final String CLIENT_IS_FULL =
            "The request body waited too long for memory, of which this client's other request bodies use its share."
                    + " Send fewer at once, or have an operator raise limits.clientMemory.";

    private final BodyStorage bodies;
    private final RequestRecord record;
    private final Decisions decisions;
    private final Deadlines deadlines;
    private final Events events;
    private final BodyMemory memory;
    private final BodyCollector collector;
    private final Optional<RequestTranslation> dialect;

    /** Null once the body is prepared: a stream may go on for an hour. */
    private @Nullable RequestHead arrived;

    /** This and the translation are written before {@link Events#prepared}, whose lock makes them visible to what follows. */
    private @Nullable PreparedBody prepared;

    private @Nullable ResponseTranslation translation;

    /** For an edit of the response; written before the request is sent, and read once it has a response. */
    private @Nullable JsonOutline sent;

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
        this.events = events;
        long limit = bodies.limit();
        long expected = Math.max(0, Math.min(head.contentLength(), limit));
        this.memory = memory(bodies, decisions, head, expected, exchange);
        this.dialect = decisions
                .translation()
                .map(with ->
                        new RequestTranslation(with, decisions.policy(), memory, offload, this::translated, exchange));
        // The arrays of coded bytes are released one by one as they are decoded.
        var empty = head.isGzip() ? new Chunks(expected) : new Chunks(expected, bodies.segments());
        var policy = decisions.policyOfArrival();
        var verdict = new BodyVerdict(limit, policy, memory, offload, this::collected, exchange);
        this.collector = new BodyCollector(arrival, empty, limit, memory, verdict, this::read, exchange);
    }

    private void read(long count) {
        memory.moved(count);
        events.read(count);
    }

    @Override
    public void open() {}

    @Override
    public Optional<BodyReader> reader() {
        return Optional.of(collector.listener());
    }

    @Override
    public boolean asks() {
        return collector.asks();
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
    public Optional<Inquiry.Content> content() {
        return Optional.of(Objects.requireNonNull(prepared).content());
    }

    @Override
    public Outgoing outgoing() {
        var what = Objects.requireNonNull(prepared);
        prepared = null;
        sent = decisions.responseEdit().isPresent() ? what.outline() : null;
        var splices = decisions.edit().splices(what.outline(), what.body());
        return Outgoing.collected(
                what,
                splices.isEmpty() ? what.fields() : RequestHead.withoutDigests(what.fields()),
                what.body().splice(splices),
                () -> events.progress().reportingTo(memory::moved));
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
        dialect.ifPresent(RequestTranslation::close);
        collector.close();
        prepared = null;
    }

    private void collected(Chunks body, JsonOutline outline) {
        if (dialect.isPresent()) {
            outline.modelName().ifPresent(record::model);
            dialect.get().translate(body);
        } else {
            memory.keep(body.length());
            var head = Objects.requireNonNull(arrived);
            prepare(new PreparedBody(head, head.path(), head.collectedFields(), body, outline, Optional.empty()));
        }
    }

    private void translated(Translation.Outcome.Translated request, JsonOutline outline) {
        translation = request.response();
        var head = Objects.requireNonNull(arrived);
        var fields = head.translatedFields(request.version());
        prepare(new PreparedBody(head, request.path(), fields, request.body(), outline, request.session()));
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

    private static BodyMemory memory(
            BodyStorage bodies, Decisions decisions, RequestHead head, long expected, FaultHandler exchange) {
        int factor = decisions.translation().isPresent() ? RequestTranslation.COPIES : 1;
        return new BodyMemory(
                bodies,
                bodies.memory().claim(bodies.share().apply(decisions.client()), head.contentLength()),
                head.contentLength() >= 0 ? expected : bodies.limit(),
                head.isGzip() ? 1 : factor,
                factor,
                exchange);
    }

    /**
     * A collected request as the gates see it: translated, but not edited.
     *
     * @param head as it came
     * @param path the path and query that go upstream
     * @param fields the header fields that go upstream, without a credential
     * @param body the content
     * @param outline that of {@code body}
     * @param session the client's name for its conversation, where the body has one
     */
    record PreparedBody(
            RequestHead head,
            String path,
            List<Field> fields,
            Chunks body,
            JsonOutline outline,
            Optional<String> session) {
        PreparedBody {
            fields = List.copyOf(fields);
        }

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
