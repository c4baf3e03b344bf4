/**
 * Prices, and the cost of what a request consumed. {@link dev.warder.prices.PriceBook} has dated rows: those of {@code
 * prices.json}, which is part of Warder, and those of the operator's {@code prices.file}, which come first. For {@link
 * dev.warder.prices.PriceConditions} it quotes one row, which is the price of all tokens of the request. {@link
 * dev.warder.prices.UsageCounts} are the quantities, and {@link dev.warder.prices.Cost} is their cost term by term.
 *
 * <p>All amounts are exact decimals. A cost is rounded once, up, to a whole number of nano-dollars: the cheapest token costs
 * 5 of them, so nothing coarser would do.
 *
 * <p>Everything here is a value without threads. Only {@link dev.warder.prices.PriceSettings} gives another book after the
 * operator's file has changed.
 */
@NullMarked
package dev.warder.prices;

import org.jspecify.annotations.NullMarked;
