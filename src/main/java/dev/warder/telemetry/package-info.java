/**
 * Receives the telemetry that clients send by OTLP over HTTP, as Claude Code does: {@code POST /v1/metrics}, {@code /v1/logs} and
 * {@code /v1/traces}. {@link dev.warder.telemetry.TelemetryServlet} reads a body of at most 4 MiB, in memory that is limited for all
 * clients and for each, {@link dev.warder.telemetry.ClientTelemetry} reads the cost that Claude Code reports ({@link
 * dev.warder.telemetry.ReportedCosts}) and hands the bytes, unchanged, to the relay of the package {@code otlp} if the operator
 * wants that.
 *
 * <p>Decided against the classes that Protocol Buffers generates: with their library they are 2 MB. Seven kinds of messages are
 * read by {@link dev.warder.telemetry.ProtobufReader}, and JSON as a stream, since a tree would need many times its length.
 * Bodies of logs and traces are not read at all.
 */
@NullMarked
package dev.warder.telemetry;

import org.jspecify.annotations.NullMarked;
