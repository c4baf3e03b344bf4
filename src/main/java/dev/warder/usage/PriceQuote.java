package dev.warder.usage;

/**
 * The row that a price book selects. Immutable.
 *
 * @param assumed whether no price is known for the request, so that the dearest one of the model's family counts: no row is for it, or
 *     its row says so
 */
public record PriceQuote(PriceRow row, boolean assumed) {}
