/**
 * Collected request bodies: a rope of bytes ({@link dev.warder.json.Chunks}), one validating scanner that notes where the
 * members of interest lie ({@link dev.warder.json.OutlineScanner}), edits as splices of a few bytes
 * ({@link dev.warder.json.RequestEdit}) the memory budget of the node ({@link dev.warder.json.MemoryBudget}) and the
 * arrays that one body after the other is in ({@link dev.warder.json.SegmentPool}).
 *
 * <p>A body on a native path is never parsed into a tree and never written anew: what no edit touches leaves byte for byte as it came.
 * Beside the bytes themselves a body costs constant memory: the scanner keeps one bit of state per level of nesting.
 *
 * <p>All other documents are trees, if members that the product does not know have to survive
 * ({@link dev.warder.json.JsonTree}), or records ({@link dev.warder.json.JsonDocuments}).
 */
@NullMarked
package dev.warder.json;

import org.jspecify.annotations.NullMarked;
