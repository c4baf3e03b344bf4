/**
 * Numbers and traces for operators.
 *
 * <p><b>Metrics</b>: {@link dev.warder.observe.Metrics} has the registry, which observers of requests and gauges of other parts
 * fill; {@link dev.warder.observe.MetricsServlet} shows it to Prometheus, MBeans show it to JMX, and {@code MetricsPush} sends it
 * to the operator's collector. {@link dev.warder.observe.TelemetryServlet} receives the telemetry of clients, and {@code
 * TelemetryRelay} passes it on.
 *
 * <p><b>Traces</b> use the API of OpenTelemetry alone, which does nothing by itself: the Java agent, or an SDK of the operator,
 * brings the rest. {@link dev.warder.observe.Tracing} asks once, when the application is deployed, whether there is a tracer; if
 * not, the caller's own {@code traceparent} goes upstream unchanged. A request that was authenticated and is going to be sent has
 * one span ({@link dev.warder.observe.RequestSpan}), and each request to the upstream one below it ({@link
 * dev.warder.observe.RequestSpan.TrySpan}). An exchange has no thread of its own, so {@link dev.warder.record.RequestRecord}
 * carries the span. Attributes have neither content nor secrets.
 */
@NullMarked
package dev.warder.observe;

import org.jspecify.annotations.NullMarked;
