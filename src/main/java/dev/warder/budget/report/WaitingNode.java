package dev.warder.budget.report;

import java.time.Duration;
import java.util.Optional;

/**
 * Another node that waits for more of a budget. Immutable.
 *
 * @param node its name
 * @param budget the key of the budget
 * @param nanos nano-dollars that it waits for
 * @param waited how long its oldest request has waited; empty if responses that have begun need more, which come first
 */
public record WaitingNode(String node, String budget, long nanos, Optional<Duration> waited) {}
