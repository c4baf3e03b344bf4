/**
 * Agents that spend a budget on a virtual clock. Its rule is the product itself, whose threads are driven by
 * {@link dev.warder.quota.budget.DrivenThreads}.
 */
@NullMarked
package dev.warder.quota.budget.simulation;

import org.jspecify.annotations.NullMarked;
