package dev.warder.prices;

/**
 * The row that a price book selects. Immutable.
 *
 * @param assumed whether no row is for the request, so that the dearest one of the model's family counts
 */
public record PriceQuote(PriceRow row, boolean assumed) {}
