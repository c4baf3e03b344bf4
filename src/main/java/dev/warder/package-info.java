/**
 * Joins the packages. {@link dev.warder.WarderListener} starts and stops the application; {@link dev.warder.Gateway} reads the
 * configuration once, and creates and connects the objects of all other packages.
 *
 * <p>A capability is a package and one {@code Module} in the list of {@code Modules}: how it starts and stops, its {@link
 * dev.warder.gate.Gate}s and {@link dev.warder.record.RequestObserver}s, its metrics, and what it offers to filters and
 * servlets, which are in {@code web.xml}.
 */
@NullMarked
package dev.warder;

import org.jspecify.annotations.NullMarked;
