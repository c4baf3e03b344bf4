/**
 * The interface between the filter of a dialect and the exchange: the filter replaces the request that came, and the
 * response that comes back. The exchange depends on no dialect, and no dialect depends on an exchange.
 */
@NullMarked
package dev.warder.translation;

import org.jspecify.annotations.NullMarked;
