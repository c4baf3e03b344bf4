/** Event streams (WHATWG HTML, section 9.2): where in a passing stream an event begins and ends. Knows nothing else. */
@NullMarked
package dev.warder.sse;

import org.jspecify.annotations.NullMarked;
