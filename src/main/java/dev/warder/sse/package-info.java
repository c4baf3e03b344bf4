/**
 * Event streams (WHATWG HTML, section 9.2): where an event begins and ends in a passing stream. The package knows
 * nothing about the content of events.
 */
@NullMarked
package dev.warder.sse;

import org.jspecify.annotations.NullMarked;
