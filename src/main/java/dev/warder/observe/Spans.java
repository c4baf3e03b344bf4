package dev.warder.observe;

import dev.warder.http.Call;
import dev.warder.http.Field;
import dev.warder.http.Route;
import dev.warder.observe.RequestSpan.Names;
import dev.warder.observe.RequestSpan.TrySpan;
import dev.warder.record.RequestRecord;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Begins spans, and writes the fields of a trace context. Thread-safe. */
record Spans(Tracer tracer, TextMapPropagator propagator, InstantSource clock) {
    private static final String SCOPE = "dev.warder";
    private static final String BAGGAGE = "baggage";
    private static final String TRACE_PARENT = "traceparent";
    private static final String TRACE_STATE = "tracestate";
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    /** Others would be names of the client's choice. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    static Spans of(OpenTelemetry telemetry, InstantSource clock) {
        var propagator = telemetry.getPropagators().getTextMapPropagator();
        return new Spans(telemetry.getTracer(SCOPE), propagator, clock);
    }

    void begin(HttpServletRequest request, RequestRecord record) {
        var current = Context.current();
        boolean inside = Span.fromContext(current).getSpanContext().isValid();
        var parent = inside ? current : propagator.extract(current, request, RequestFields.GETTER);
        var call = record.call();
        var builder = tracer.spanBuilder(name(call))
                .setParent(parent)
                .setSpanKind(inside ? SpanKind.INTERNAL : SpanKind.SERVER)
                .setAttribute(Names.METHOD, method(call))
                .setAttribute(Names.PATH, Names.cut(call.target().path()))
                .setAttribute(Names.SCHEME, request.getScheme())
                .setAttribute(Names.REQUEST_ID, call.id());
        Route.pattern(call.target().path()).ifPresent(pattern -> builder.setAttribute(Names.ROUTE, pattern));
        var span = builder.startSpan();
        if (!span.getSpanContext().isValid()) {
            return;
        }
        var begun = new RequestSpan(this, call, parent.with(span));
        record.trace(begun);
        record.atEnd(() -> record.completed().ifPresent(begun::ended));
    }

    TrySpan beginTry(Call call, Context parent, int before, URI upstream) {
        var now = clock.instant();
        var builder = tracer.spanBuilder(method(call))
                .setParent(parent)
                .setSpanKind(SpanKind.CLIENT)
                .setStartTimestamp(now)
                .setAttribute(Names.METHOD, method(call))
                .setAttribute(Names.SERVER_ADDRESS, upstream.getHost())
                .setAttribute(Names.SERVER_PORT, (long) port(upstream));
        if (before > 0) {
            builder.setAttribute(Names.RESEND_COUNT, (long) before);
        }
        var span = builder.startSpan();
        return new TrySpan(this, span, parent.with(span), now, upstream);
    }

    /** The address of a request to the upstream without its query, which could have a secret. */
    static String address(URI upstream, String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        return Names.cut(upstream.getScheme() + "://" + upstream.getRawAuthority() + path);
    }

    /** The fields with those of this context, and without the caller's for the same purpose. Baggage is not changed. */
    List<Field> inject(Context context, List<Field> fields) {
        var added = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        propagator.inject(context, added, (carrier, name, value) -> added.put(name, value));
        added.remove(BAGGAGE);
        boolean replacesState = added.containsKey(TRACE_PARENT);
        var sent = new ArrayList<Field>(fields.size() + added.size());
        for (var field : fields) {
            boolean isState = replacesState && field.name().equalsIgnoreCase(TRACE_STATE);
            if (!isState && !added.containsKey(field.name())) {
                sent.add(field);
            }
        }
        added.forEach((name, value) -> sent.add(new Field(name.toLowerCase(Locale.ROOT), value)));
        return sent;
    }

    private static String name(Call call) {
        var method = METHODS.contains(call.method()) ? call.method() : "HTTP";
        return Route.pattern(call.target().path())
                .map(pattern -> method + " " + pattern)
                .orElse(method);
    }

    private static String method(Call call) {
        return METHODS.contains(call.method()) ? call.method() : "_OTHER";
    }

    private static int port(URI upstream) {
        int port = upstream.getPort();
        if (port >= 0) {
            return port;
        }
        return upstream.getScheme().equalsIgnoreCase("https") ? HTTPS_PORT : HTTP_PORT;
    }

    /** The fields of a request, as propagators read them. */
    private enum RequestFields implements TextMapGetter<HttpServletRequest> {
        GETTER;

        @Override
        public @Nullable String get(@Nullable HttpServletRequest request, String name) {
            return request == null ? null : request.getHeader(name);
        }

        @Override
        public Iterator<String> getAll(@Nullable HttpServletRequest request, String name) {
            return request == null
                    ? Collections.emptyIterator()
                    : request.getHeaders(name).asIterator();
        }
    }
}
