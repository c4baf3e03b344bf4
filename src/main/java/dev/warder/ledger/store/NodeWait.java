package dev.warder.ledger.store;

import java.time.Duration;
import java.util.Optional;

/**
 * A node that waits for more of a budget. Immutable.
 *
 * @param node its name
 * @param nanos nano-dollars that it waits for
 * @param waited how long its oldest request has waited; empty if responses that have begun need more, which come first
 */
public record NodeWait(String node, PeriodKey key, long nanos, Optional<Duration> waited) {}
