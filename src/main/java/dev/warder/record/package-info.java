/**
 * What happens to a request, from its id to its end. A {@link dev.warder.record.RequestRecord} collects it and ends exactly
 * once. Every request has one, including those for health and administration and those that are refused. The {@link
 * dev.warder.record.CompletedRequest} then goes to each {@link dev.warder.record.RequestObserver}: the access log, the
 * counters of the MBean, and any other observer. Observers run on the thread that ends the request, and do not wait. Records
 * and observers receive no field values and no content.
 */
@NullMarked
package dev.warder.record;

import org.jspecify.annotations.NullMarked;
