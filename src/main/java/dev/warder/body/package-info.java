/**
 * Collected bodies as bytes, regardless of their meaning. A body is a rope ({@link dev.warder.body.Chunks}) that is edited by
 * splices ({@link dev.warder.body.Splice}). {@link dev.warder.body.MemoryBudget} is the node's memory for bodies and for
 * bytes in transit ({@link dev.warder.body.TransitMemory}), with each client's share of it. Bodies reuse arrays one after the other ({@link dev.warder.body.SegmentPool}); what is needed only
 * while one piece is read or translated is lent ({@link dev.warder.body.SpareArrays}). {@link dev.warder.body.GzipDecoder}
 * decodes gzip content.
 *
 * <p>A body needs as much memory as it has bytes, rounded up to whole arrays. Bytes that no edit replaces are sent exactly as
 * they arrived.
 */
@NullMarked
package dev.warder.body;

import org.jspecify.annotations.NullMarked;
