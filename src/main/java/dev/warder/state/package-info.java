/**
 * Parts of objects that several threads call and that no thread waits for: a table of phases, a queue of actions, a
 * cancellation, and the guard that catches what a callback throws.
 */
@NullMarked
package dev.warder.state;

import org.jspecify.annotations.NullMarked;
