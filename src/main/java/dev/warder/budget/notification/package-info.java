/**
 * Notifications that a share of a budget is used: signed messages to a receiver of the operator.
 *
 * <p>{@link dev.warder.budget.notification.ThresholdReached} is what they are about. The node that sends it was chosen before.
 * {@link dev.warder.budget.notification.Webhook} has a thread and a limited queue, so that a receiver does not hold up the
 * budgets.
 */
@NullMarked
package dev.warder.budget.notification;

import org.jspecify.annotations.NullMarked;
