/**
 * Receives the telemetry that clients send by OTLP over HTTP, as Claude Code does: {@code POST /v1/metrics}, {@code /v1/logs} and
 * {@code /v1/traces}. {@link dev.warder.telemetry.TelemetryServlet} reads a body of at most 4 MiB, in memory that is limited for all
 * clients and for each, and {@link dev.warder.telemetry.ClientTelemetry} hands the bytes, unchanged, to the relay of the package
 * {@code otlp} if the operator wants that. No body is decoded or parsed.
 */
@NullMarked
package dev.warder.telemetry;

import org.jspecify.annotations.NullMarked;
