/**
 * JSON in collected bodies: one validating scanner that notes where the members of interest lie
 * ({@link dev.warder.json.OutlineScanner}), and edits as splices of a few bytes ({@link dev.warder.json.RequestEdit}).
 *
 * <p>A body is never parsed into a tree and never written again: the scanner keeps one bit of state per level of nesting.
 */
@NullMarked
package dev.warder.json;

import org.jspecify.annotations.NullMarked;
