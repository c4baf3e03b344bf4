/**
 * The interface between filters and the exchange. The filter of a dialect replaces the request that came and the response
 * that comes back ({@link dev.warder.translation.Translation}); any filter may edit the content of a response
 * ({@link dev.warder.translation.ResponseEdit}). The exchange depends on no filter, and no filter depends on an exchange.
 */
@NullMarked
package dev.warder.translation;

import org.jspecify.annotations.NullMarked;
