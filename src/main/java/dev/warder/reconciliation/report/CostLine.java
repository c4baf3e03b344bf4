package dev.warder.reconciliation.report;

import java.math.BigDecimal;

/**
 * A line of the cost report. Immutable.
 *
 * @param type what was used, such as {@code tokens} or {@code web_search}
 * @param kind of tokens in the report's word; empty for what is not paid by tokens
 * @param nanos the amount in nano-dollars
 */
record CostLine(Cell cell, String type, String kind, BigDecimal nanos) {}
