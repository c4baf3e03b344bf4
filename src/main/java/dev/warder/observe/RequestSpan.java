package dev.warder.observe;

import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.http.Call;
import dev.warder.http.Field;
import dev.warder.record.CompletedRequest;
import dev.warder.record.CompletedRequest.CompletedTry;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestTrace;
import dev.warder.record.RequestTrace.TryTrace;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageRow;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The span of one exchange, and those of its tries. All end with the record of the request. Thread-safe. */
final class RequestSpan implements RequestTrace {
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;
    private static final double NANOS = 1e9;

    private final Spans spans;
    private final Call call;
    private final Context context;

    @GuardedBy("tries")
    private final List<TrySpan> tries = new ArrayList<>(1);

    @GuardedBy("tries")
    private boolean over;

    RequestSpan(Spans spans, Call call, Context context) {
        this.spans = spans;
        this.call = call;
        this.context = context;
    }

    @Override
    public TryTrace tryBegins(URI upstream) {
        return FaultGuard.get(() -> beginTry(upstream), TryTrace.NONE);
    }

    private TryTrace beginTry(URI upstream) {
        int before;
        synchronized (tries) {
            if (over) {
                return TryTrace.NONE;
            }
            before = tries.size();
        }
        var begun = spans.beginTry(call, context, before, upstream);
        synchronized (tries) {
            if (!over) {
                tries.add(begun);
                return begun;
            }
        }
        begun.ended();
        return TryTrace.NONE;
    }

    /** The request has ended. The record has a try for each span, unless one begins at the same time. */
    void ended(CompletedRequest request) {
        List<TrySpan> all;
        synchronized (tries) {
            over = true;
            all = List.copyOf(tries);
        }
        for (int i = 0; i < all.size(); i++) {
            var each = all.get(i);
            var completed =
                    i < request.tries().size() ? Optional.of(request.tries().get(i)) : Optional.<CompletedTry>empty();
            FaultGuard.run(() -> completed.ifPresentOrElse(each::ended, each::ended));
        }
        FaultGuard.run(() -> end(Span.fromContext(context), request));
    }

    private void end(Span span, CompletedRequest request) {
        if (span.isRecording()) {
            describe(span, request);
            if (call.runsModel()) {
                describeInference(span, request);
            }
        }
        span.end();
    }

    private static void describe(Span span, CompletedRequest request) {
        span.setAttribute(Names.END, request.end().word());
        request.client().ifPresent(name -> span.setAttribute(Names.CLIENT, name));
        request.status().ifPresent(status -> span.setAttribute(Names.STATUS, (long) status));
        error(request).ifPresent(type -> {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute(Names.ERROR, type);
        });
    }

    /** The client's own errors are none of a server. A response that was broken off is one, also by the client. */
    private static Optional<String> error(CompletedRequest request) {
        int status = request.status().orElse(0);
        boolean cutBefore = request.end() == RequestEnd.BUDGET && status >= CLIENT_ERROR;
        if (cutBefore || request.end() == RequestEnd.REFUSED || request.end() == RequestEnd.OK) {
            return status >= SERVER_ERROR ? Optional.of(String.valueOf(status)) : Optional.empty();
        }
        return Optional.of(request.end().word());
    }

    private static void describeInference(Span span, CompletedRequest request) {
        span.setAttribute(Names.OPERATION, "chat");
        span.setAttribute(Names.PROVIDER, "anthropic");
        request.model().ifPresent(model -> span.setAttribute(Names.REQUEST_MODEL, Names.cut(model)));
        request.conversation().session().ifPresent(id -> span.setAttribute(Names.CONVERSATION, Names.cut(id)));
        var rows = request.usage();
        last(rows, row -> row.models().answered())
                .ifPresent(model -> span.setAttribute(Names.RESPONSE_MODEL, Names.cut(model)));
        last(rows, row -> row.consumption().stopReason())
                .ifPresent(reason -> span.setAttribute(Names.FINISH_REASONS, List.of(Names.cut(reason))));
        if (rows.isEmpty()) {
            return;
        }
        span.setAttribute(Names.INPUT_TOKENS, tokens(rows, UsageCounts::prompt));
        span.setAttribute(Names.OUTPUT_TOKENS, tokens(rows, UsageCounts::output));
        span.setAttribute(Names.CACHE_READ, tokens(rows, UsageCounts::read));
        span.setAttribute(
                Names.CACHE_WRITE, tokens(rows, counts -> counts.writes().sum()));
        span.setAttribute(Names.REASONING, tokens(rows, UsageCounts::thinking));
        span.setAttribute(
                Names.COST, rows.stream().mapToLong(row -> row.cost().nanos()).sum() / NANOS);
    }

    private static Optional<String> last(List<UsageRow> rows, Function<UsageRow, Optional<String>> part) {
        return rows.stream().flatMap(row -> part.apply(row).stream()).reduce((before, last) -> last);
    }

    private static long tokens(List<UsageRow> rows, ToLongFunction<UsageCounts> part) {
        return rows.stream()
                .mapToLong(row -> part.applyAsLong(row.consumption().counts()))
                .sum();
    }

    /** Keeps faults of a tracer, which is foreign code, away from requests. The first one is logged as a warning. */
    static final class FaultGuard {
        private static final Logger LOG = LoggerFactory.getLogger(RequestSpan.class);
        private static final AtomicBoolean REPORTED = new AtomicBoolean();

        private FaultGuard() {}

        static void run(Runnable work) {
            get(
                    () -> {
                        work.run();
                        return "";
                    },
                    "");
        }

        static <T> T get(Supplier<T> work, T otherwise) {
            try {
                return work.get();
            } catch (RuntimeException | LinkageError fault) {
                if (REPORTED.getAndSet(true)) {
                    LOG.debug("the tracer failed", fault);
                } else {
                    LOG.warn("The tracer failed; further faults are logged at FINE", fault);
                }
                return otherwise;
            }
        }
    }

    /**
     * The names of attributes: of HTTP (OpenTelemetry's semantic conventions, stable), of generative AI (repository
     * semantic-conventions-genai, status Development), and Warder's own.
     */
    static final class Names {
        static final AttributeKey<String> METHOD = stringKey("http.request.method");
        static final AttributeKey<Long> RESEND_COUNT = longKey("http.request.resend_count");
        static final AttributeKey<Long> STATUS = longKey("http.response.status_code");
        static final AttributeKey<String> ROUTE = stringKey("http.route");
        static final AttributeKey<String> PATH = stringKey("url.path");
        static final AttributeKey<String> SCHEME = stringKey("url.scheme");
        static final AttributeKey<String> URL = stringKey("url.full");
        static final AttributeKey<String> SERVER_ADDRESS = stringKey("server.address");
        static final AttributeKey<Long> SERVER_PORT = longKey("server.port");
        static final AttributeKey<String> ERROR = stringKey("error.type");

        static final AttributeKey<String> OPERATION = stringKey("gen_ai.operation.name");
        static final AttributeKey<String> PROVIDER = stringKey("gen_ai.provider.name");
        static final AttributeKey<String> CONVERSATION = stringKey("gen_ai.conversation.id");
        static final AttributeKey<String> REQUEST_MODEL = stringKey("gen_ai.request.model");
        static final AttributeKey<String> RESPONSE_MODEL = stringKey("gen_ai.response.model");
        static final AttributeKey<List<String>> FINISH_REASONS = stringArrayKey("gen_ai.response.finish_reasons");
        static final AttributeKey<Long> INPUT_TOKENS = longKey("gen_ai.usage.input_tokens");
        static final AttributeKey<Long> OUTPUT_TOKENS = longKey("gen_ai.usage.output_tokens");
        static final AttributeKey<Long> CACHE_READ = longKey("gen_ai.usage.cache_read.input_tokens");
        static final AttributeKey<Long> CACHE_WRITE = longKey("gen_ai.usage.cache_write.input_tokens");
        static final AttributeKey<Long> REASONING = longKey("gen_ai.usage.reasoning.output_tokens");

        static final AttributeKey<String> REQUEST_ID = stringKey("warder.request.id");
        static final AttributeKey<String> CLIENT = stringKey("warder.client");
        static final AttributeKey<String> END = stringKey("warder.end");
        static final AttributeKey<Double> COST = doubleKey("warder.cost.usd");
        static final AttributeKey<String> CREDENTIAL = stringKey("warder.credential");
        static final AttributeKey<String> OUTCOME = stringKey("warder.try.outcome");
        static final AttributeKey<String> UPSTREAM_REQUEST_ID = stringKey("warder.upstream.request.id");

        private static final int MOST = 256;

        private Names() {}

        /** The first 256 characters: clients and the upstream may send texts of any length. */
        static String cut(String text) {
            return text.length() <= MOST ? text : text.substring(0, MOST);
        }
    }

    /** The span of one try. Thread-safe. */
    record TrySpan(Spans spans, Span span, Context context, Instant begun, URI upstream) implements TryTrace {
        private static final int CLIENT_ERROR = 400;

        @Override
        public List<Field> fields(List<Field> fields) {
            return FaultGuard.get(() -> spans.inject(context, fields), fields);
        }

        /** The agent follows the HTTP client by the current context of the thread that calls it. */
        @Override
        public void during(String target, Runnable sending) {
            FaultGuard.run(() -> span.setAttribute(Names.URL, Spans.address(upstream, target)));
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
}
