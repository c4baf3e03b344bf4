/**
 * The interface between the filter of a dialect and the exchange. The filter replaces the client's request, and the response to
 * it. The exchange depends on no dialect, and no dialect depends on the exchange.
 */
@NullMarked
package dev.warder.translation;

import org.jspecify.annotations.NullMarked;
