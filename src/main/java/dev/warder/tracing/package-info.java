/**
 * Traces by the API of OpenTelemetry. The WAR has the API only, which does nothing by itself: the Java agent, or an SDK of the
 * operator, brings the rest. {@link dev.warder.tracing.Tracing} asks once, when the application is deployed,
 * whether there is a tracer; if not, no request is followed, and the caller's own {@code traceparent} goes upstream unchanged.
 *
 * <p>A request that was authenticated and is going to be sent has one span, with the attributes of HTTP servers and of generative
 * AI ({@link dev.warder.tracing.RequestSpan}). Each request to the upstream has one below it, with those of HTTP clients ({@link
 * dev.warder.tracing.TrySpan}). A caller without an access token makes no span, and its {@code traceparent} is not believed.
 * The span is one of a server, or an internal one where the thread already belongs to a span, which is the agent's.
 *
 * <p>An exchange has no thread of its own, so no span is kept in a thread: {@link dev.warder.record.RequestRecord} carries it,
 * and it ends with the record, from which its attributes are taken. The only exception is the call that hands a request to the HTTP
 * client, which runs with the try as the current span, since the agent follows the client by the thread. Attributes have neither
 * content nor secrets: names, counts, statuses, and the path without its query.
 */
@NullMarked
package dev.warder.tracing;

import org.jspecify.annotations.NullMarked;
