/**
 * The numbers of one deployed application, in Micrometer: {@link dev.warder.metrics.Metrics} observes completed requests, and
 * reads gauges when they are asked for. {@code GET /metrics} shows them as Prometheus text. {@link
 * dev.warder.metrics.MetricName} lists every name, with its labels. A new number of requests is a name there and a line in
 * {@code Metrics}; Prometheus, JMX and the OTLP push then have it too. Requests of monitors and administrators come here as
 * well.
 *
 * <p>No label can have a value that a client or the upstream chose: every value comes from a closed list, and all others are
 * counted as {@code other} ({@link dev.warder.metrics.LabelValues}). There are at most 2,000 series ({@link
 * dev.warder.metrics.SeriesLimit}).
 *
 * <p>The registry belongs to the application: nothing is registered with Micrometer's or Prometheus' global registries, and no
 * thread is started, so that an undeployed application can be collected.
 */
@NullMarked
package dev.warder.metrics;

import org.jspecify.annotations.NullMarked;
