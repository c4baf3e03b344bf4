/**
 * Agents that spend a budget under several rules, on a virtual clock: how Warder's budgets compare with simpler ones. The rule of
 * Warder is the product itself, whose threads are driven by {@link dev.warder.quota.budget.DrivenThreads}.
 */
@NullMarked
package dev.warder.quota.budget.simulation;

import org.jspecify.annotations.NullMarked;
