/**
 * What happens to a request, from its id to its end. A {@link dev.warder.record.RequestRecord} collects it and ends
 * exactly once. The {@link dev.warder.record.CompletedRequest} then goes to each {@link
 * dev.warder.record.RequestObserver}: the access log, the counters of the MBean, and any other observer. Neither holds
 * a field value or content.
 */
@NullMarked
package dev.warder.record;

import org.jspecify.annotations.NullMarked;
