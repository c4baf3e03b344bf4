/**
 * What the filter of a dialect asks of the exchange: another request in place of the one that came, and another answer in
 * place of the one that comes back. The exchange knows no dialect, and a dialect no exchange.
 */
@NullMarked
package dev.warder.translation;

import org.jspecify.annotations.NullMarked;
