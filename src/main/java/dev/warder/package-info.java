/**
 * Joins the packages. {@link dev.warder.WarderListener} starts and stops the application; {@link dev.warder.Gateway} reads the
 * configuration once, and creates and connects the objects of all other packages.
 *
 * <p>What a new feature registers is one line there: a {@link dev.warder.gate.Gate} in {@code GatewayAttributes.gates},
 * a {@link dev.warder.record.RequestObserver} in {@code GatewayAttributes.observers}. Filters and servlets are in {@code web.xml}.
 */
@NullMarked
package dev.warder;

import org.jspecify.annotations.NullMarked;
