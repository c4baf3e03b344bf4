/**
 * What happens to a request, from its id to its end: a {@link dev.warder.record.RequestRecord} gathers it, and ends exactly
 * once; the {@link dev.warder.record.CompletedRequest} then goes to each {@link dev.warder.record.RequestObserver}: the
 * access log, the counters of the MBean, and what else wants to know of each request. Neither holds a field value or content.
 */
@NullMarked
package dev.warder.record;

import org.jspecify.annotations.NullMarked;
