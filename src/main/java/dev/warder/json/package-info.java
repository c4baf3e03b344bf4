/**
 * JSON in collected bodies: one validating scanner that records the positions of the relevant members ({@link
 * dev.warder.json.OutlineScanner}), and edits as splices of a few bytes ({@link dev.warder.json.RequestEdit}).
 *
 * <p>A native request body is never parsed into a tree and never written again: the scanner keeps one bit of state for each
 * level of nesting. Only translated requests and small documents are read as trees ({@link dev.warder.json.JsonTree}).
 */
@NullMarked
package dev.warder.json;

import org.jspecify.annotations.NullMarked;
