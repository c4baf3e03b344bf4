package dev.warder.observe;

import dev.warder.observe.RequestSpan.FaultGuard;
import dev.warder.record.RequestRecord;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows requests with spans if there is a tracer, and does nothing otherwise. Thread-safe. */
public final class Tracing {
    private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);

    private final @Nullable Spans spans;

    private Tracing(@Nullable Spans spans) {
        this.spans = spans;
    }

    public static Tracing none() {
        return new Tracing(null);
    }

    /**
     * Uses the tracer that the agent or the operator's SDK provides now. One that is provided later is not noticed.
     *
     * @param clock the time of day, for the beginnings of tries
     */
    public static Tracing ofServer(InstantSource clock) {
        return of(GlobalTelemetry::find, clock);
    }

    static Tracing of(Supplier<OpenTelemetry> provider, InstantSource clock) {
        try {
            var telemetry = provider.get();
            if (telemetry.getTracerProvider() == TracerProvider.noop()) {
                return none();
            }
            LOG.info("OpenTelemetry has a tracer: each exchange has a span");
            return new Tracing(Spans.of(telemetry, clock));
        } catch (RuntimeException | LinkageError unusable) {
            // Such as a server's library folder with an API of another version.
            LOG.warn("OpenTelemetry cannot be used, and there are no traces: {}", unusable.toString());
            return none();
        }
    }

    public boolean isActive() {
        return spans != null;
    }

    /** A request is going to be sent; to be called on the container's thread, inside {@code service}. Throws nothing. */
    public void follow(HttpServletRequest request, RequestRecord record) {
        var active = spans;
        if (active != null) {
            FaultGuard.run(() -> active.begin(request, record));
        }
    }
}
