package dev.warder.observe;

import dev.warder.http.Field;
import dev.warder.observe.RequestSpan.FaultGuard;
import dev.warder.observe.RequestSpan.Names;
import dev.warder.record.CompletedRequest.CompletedTry;
import dev.warder.record.RequestTrace.TryTrace;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The span of one try. Thread-safe. */
record TrySpan(Spans spans, Span span, Context context, Instant begun) implements TryTrace {
    private static final int CLIENT_ERROR = 400;

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
    void ended(CompletedTry completed) {
        if (span.isRecording()) {
            describe(completed);
        }
        span.end(begun.plus(completed.time()));
    }

    void ended() {
        span.end();
    }

    private void describe(CompletedTry completed) {
        span.setAttribute(Names.CREDENTIAL, completed.credential().name());
        span.setAttribute(Names.OUTCOME, LabelValues.word(completed.outcome()));
        completed.status().ifPresent(status -> span.setAttribute(Names.STATUS, (long) status));
        completed.requestId().ifPresent(id -> span.setAttribute(Names.UPSTREAM_REQUEST_ID, Names.cut(id)));
        error(completed).ifPresent(type -> {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute(Names.ERROR, type);
        });
    }

    private static Optional<String> error(CompletedTry completed) {
        int status = completed.status().orElse(0);
        if (status >= CLIENT_ERROR) {
            return Optional.of(String.valueOf(status));
        }
        return completed.outcome() == CompletedTry.Outcome.RESPONDED
                ? Optional.empty()
                : Optional.of(LabelValues.word(completed.outcome()));
    }
}
