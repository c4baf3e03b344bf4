package dev.warder.contract;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.Collection;
import java.util.logging.Logger;

/** Lives in a changed WAR, as an SDK of the operator does, sets it for the application, and logs each span as one line. */
public final class SpanListener implements ServletContextListener {
    /** The name of the logger. */
    static final String LOG = "dev.warder.contract.spans";

    private static final Logger SPANS = Logger.getLogger(LOG);

    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(new LoggingExporter()))
                    .build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();

    /** Made by the container. */
    public SpanListener() {}

    @Override
    public void contextInitialized(ServletContextEvent event) {
        GlobalOpenTelemetry.set(sdk);
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        sdk.close();
    }

    /** Writes {@code TRACE SPAN PARENT KIND STATUS NAME {attributes}}. */
    private static final class LoggingExporter implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            for (var span : spans) {
                SPANS.info(String.join(
                        " ",
                        span.getTraceId(),
                        span.getSpanId(),
                        span.getParentSpanId(),
                        span.getKind().name(),
                        span.getStatus().getStatusCode().name(),
                        span.getName(),
                        span.getAttributes().asMap().toString()));
            }
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
