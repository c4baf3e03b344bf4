/**
 * Joins the packages. {@link dev.warder.WarderListener} starts and stops the application; {@link dev.warder.Gateway} reads the
 * configuration once, and creates and connects the objects of all other packages.
 *
 * <p>A capability is a package and one {@code Module} in the list of {@code Modules}: how it starts and stops, its {@link
 * dev.warder.auth.Gate}s and {@link dev.warder.record.RequestObserver}s, its metrics, and what it offers to filters and
 * servlets, which are in {@code web.xml}.
 *
 * <p>{@link dev.warder.GatewaySettings} has the settings of all features. A feature owns its record, which is in the feature's
 * package and reads itself by {@code read(SettingReader)}. Adding a setting:
 *
 * <ol>
 *   <li>Add a constant to {@link dev.warder.config.Setting}: name, type, default, and help in one line. The option of the
 *       standalone form and its line in {@code --help} follow from it.
 *   <li>Add a component to the record of the feature that uses the setting, and read it in that record's {@code read}.
 *       A value that cannot be used is a problem: the parser throws, and the reader reports all problems at once.
 *   <li>Document it: a line in a comment and an {@code env-entry} in {@code web.xml}, and a row in {@code settings.md}.
 *       {@code WebXmlTest} and {@code PagesTest} compare both with {@code Setting}.
 * </ol>
 *
 * <p>A feature that had no settings gets a record in its own package, a component of {@code GatewaySettings} and a line in
 * its {@code read}; problems are reported in the order of those lines. {@code Gateway} passes the record to what it
 * constructs. For a filter or servlet, which the container constructs, it puts the record on the application as an
 * attribute.
 */
@NullMarked
package dev.warder;

import org.jspecify.annotations.NullMarked;
