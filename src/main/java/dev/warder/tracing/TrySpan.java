package dev.warder.tracing;

import dev.warder.http.Field;
import dev.warder.record.TryTrace;
import dev.warder.record.UpstreamAttempt;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The span of one request to the upstream. Thread-safe. */
final class TrySpan implements TryTrace {
    private static final int CLIENT_ERROR = 400;

    private final Spans spans;
    private final Span span;
    private final Context context;
    private final Instant begun;

    /** @param context has the span */
    TrySpan(Spans spans, Span span, Context context, Instant begun) {
        this.spans = spans;
        this.span = span;
        this.context = context;
        this.begun = begun;
    }

    @Override
    public List<Field> fields(String path, List<Field> fields) {
        return FaultGuard.get(
                () -> {
                    span.setAttribute(Names.URL, spans.address(path));
                    return spans.inject(context, fields);
                },
                fields);
    }

    /** The agent follows the HTTP client by the current context of the thread that calls it. */
    @Override
    public void during(Runnable sending) {
        var scope = FaultGuard.get(context::makeCurrent, Scope.noop());
        try {
            sending.run();
        } finally {
            FaultGuard.run(scope::close);
        }
    }

    /** Ends it at the moment at which the try ended, which was earlier where another credential took over. */
    void ended(UpstreamAttempt attempt) {
        if (span.isRecording()) {
            describe(attempt);
        }
        span.end(begun.plus(attempt.time()));
    }

    /** Ends it without a record. */
    void ended() {
        span.end();
    }

    private void describe(UpstreamAttempt attempt) {
        span.setAttribute(Names.CREDENTIAL, attempt.credential().name());
        span.setAttribute(Names.OUTCOME, word(attempt.outcome()));
        attempt.status().ifPresent(status -> span.setAttribute(Names.STATUS, (long) status));
        attempt.requestId().ifPresent(id -> span.setAttribute(Names.UPSTREAM_REQUEST_ID, Names.cut(id)));
        error(attempt).ifPresent(type -> {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute(Names.ERROR, type);
        });
    }

    private static Optional<String> error(UpstreamAttempt attempt) {
        int status = attempt.status().orElse(0);
        if (status >= CLIENT_ERROR) {
            return Optional.of(String.valueOf(status));
        }
        return attempt.outcome() == UpstreamAttempt.Outcome.RESPONDED
                ? Optional.empty()
                : Optional.of(word(attempt.outcome()));
    }

    /** As in the metrics. */
    private static String word(UpstreamAttempt.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
