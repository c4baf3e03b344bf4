/**
 * Collected bodies as bytes, whatever they mean: a rope ({@link dev.warder.body.Chunks}) that is edited by splices
 * ({@link dev.warder.body.Splice}), the memory budget of the node and each client's share of it
 * ({@link dev.warder.body.MemoryBudget}), arrays that bodies reuse one after the other
 * ({@link dev.warder.body.SegmentPool}), and the decoder of gzip content ({@link dev.warder.body.GzipDecoder}).
 *
 * <p>A body costs its bytes, rounded up to the last array. Bytes that no edit replaces are sent on exactly as they
 * arrived.
 */
@NullMarked
package dev.warder.body;

import org.jspecify.annotations.NullMarked;
