/**
 * Sends telemetry to the operator's collector by OTLP over HTTP, in protobuf. The collector is named by {@code otlp.url} only;
 * no request and no response changes where something is sent.
 *
 * <p>Decided against {@code micrometer-registry-otlp}: it brings protobuf (2 MB) and starts threads of its own. The few
 * messages that metrics need are written by {@link dev.warder.otlp.ProtobufWriter}; tests read them with the published
 * definitions (opentelemetry-proto).
 */
@NullMarked
package dev.warder.otlp;

import org.jspecify.annotations.NullMarked;
