package dev.warder.telemetry;

/**
 * One value of {@code claude_code.cost.usage}, of one series.
 *
 * @param series identifies the series among those of one program: a hash of the attributes of resource and point
 * @param cumulative whether {@code usd} is the sum since {@code start}, or what was added between {@code start} and {@code time}
 * @param usd US dollars
 * @param start the beginning, in nanoseconds since 1970
 * @param time the end, in the same unit
 */
record CostPoint(long series, boolean cumulative, double usd, long start, long time) {}
