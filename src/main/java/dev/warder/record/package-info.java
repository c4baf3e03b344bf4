/**
 * The course of a request, from its id to its end. A {@link dev.warder.record.RequestRecord} collects it and ends exactly
 * once. Every request has one, including those for health and administration and those that are refused. The {@link
 * dev.warder.record.CompletedRequest} then goes to each {@link dev.warder.record.RequestObserver}: the access log, the
 * counters of the MBean, and any other observer. Observers run on the thread that ends the request, and do not wait. Records
 * and observers receive no content, and of the header fields only the client's names of its session and its agent.
 */
@NullMarked
package dev.warder.record;

import org.jspecify.annotations.NullMarked;
