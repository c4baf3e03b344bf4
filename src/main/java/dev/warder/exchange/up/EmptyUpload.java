package dev.warder.exchange.up;

import dev.warder.body.Chunks;
import dev.warder.http.Route;
import dev.warder.stream.ResponseEdit;
import dev.warder.stream.ResponseTranslation;
import dev.warder.stream.Translation;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request without a body, perhaps translated. */
final class EmptyUpload implements Upload {
    /** Null once the request is sent: a stream may go on for an hour. */
    private @Nullable RequestHead arrived;

    private final Optional<Translation> dialect;
    private final Optional<ResponseEdit> edit;
    private final boolean repeatable;
    private final Events events;
    private final RefusalHandler exchange;

    /** Written before {@link Events#prepared}, whose lock makes it visible to what follows from that. */
    private Translation.Outcome.@Nullable Translated translated;

    EmptyUpload(Arrival arrival, Events events, RefusalHandler exchange) {
        this.arrived = arrival.head();
        this.dialect = arrival.decisions().translation();
        this.edit = arrival.decisions().responseEdit();
        this.repeatable = arrival.record().call().route() != Route.RAW;
        this.events = events;
        this.exchange = exchange;
    }

    @Override
    public void open() {
        if (dialect.isEmpty()) {
            events.prepared();
            return;
        }
        var outcome = dialect.get().translate(new Chunks());
        if (outcome instanceof Translation.Outcome.Refused refused) {
            exchange.refused(refused.reply());
        } else if (outcome instanceof Translation.Outcome.Translated request) {
            requireNoBody(request);
            translated = request;
            events.prepared();
        }
    }

    @Override
    public Outgoing outgoing() {
        var head = Objects.requireNonNull(arrived);
        arrived = null;
        var request = translated;
        if (request != null) {
            head = head.with(request.path(), head.translatedFields(request.version()));
        } else if (edit.isPresent()) {
            head = head.with(edit.get().target(head.path()), head.editableFields());
        }
        return Outgoing.of(head, repeatable || request != null, events::progress);
    }

    @Override
    public Optional<BodyReader> reader() {
        return Optional.empty();
    }

    @Override
    public void close() {}

    @Override
    public Optional<ResponseTranslation> translation() {
        return Optional.ofNullable(translated).map(Translation.Outcome.Translated::response);
    }

    private static void requireNoBody(Translation.Outcome.Translated request) {
        if (request.body().length() != 0) {
            throw new IllegalStateException("A request without a body was translated into one with a body");
        }
    }
}
