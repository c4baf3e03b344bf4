/**
 * Collected bodies as bytes, whatever they mean: a rope ({@link dev.warder.body.Chunks}) that is edited by splices
 * ({@link dev.warder.body.Splice}), the memory budget of the node and each client's share of it
 * ({@link dev.warder.body.MemoryBudget}), arrays that one body after the other uses ({@link dev.warder.body.SegmentPool}), and
 * the decoder of gzip content ({@link dev.warder.body.GzipDecoder}).
 *
 * <p>A body costs its bytes, rounded up to the last array. What no edit touches leaves byte for byte as it came.
 */
@NullMarked
package dev.warder.body;

import org.jspecify.annotations.NullMarked;
