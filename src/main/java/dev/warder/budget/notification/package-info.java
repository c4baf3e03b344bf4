/**
 * Notifications that a share of a budget is used: as JMX notifications, and as signed messages to a receiver of the operator.
 *
 * <p>{@link dev.warder.budget.notification.ThresholdReached} is what they are about. The node that sends it was chosen before.
 * {@link dev.warder.budget.notification.ThresholdEmitter} and {@link dev.warder.budget.notification.Webhook} have a thread and
 * a limited queue each, so that neither a listener nor a receiver holds up the budgets.
 */
@NullMarked
package dev.warder.budget.notification;

import org.jspecify.annotations.NullMarked;
