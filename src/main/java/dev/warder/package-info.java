/**
 * Joins the packages. {@link dev.warder.WarderListener} reads the configuration once, and starts and stops the application. The
 * constructor of {@link dev.warder.Gateway} creates the parts of all other packages in the order in which they need each other;
 * {@code Credentials}, {@code AccessModules}, {@code AccountModules} and {@code ExchangeModules} create those of one subject. No
 * other package knows this one, except for the launcher of {@code java -jar}.
 *
 * <p>Adding a part: create it there, with what it needs as arguments of its constructor. Each is a line or two:
 *
 * <ul>
 *   <li>If it has to be started or stopped: {@code modules.add(name, start, stop)}. Parts start in the order of these lines and
 *       stop in the reverse order.
 *   <li>If it decides about requests, or follows them: {@code modules.gate(turn, gate)} with a {@link dev.warder.auth.Gate}, or
 *       {@code modules.observers.add(observer)} with a {@link dev.warder.record.RequestObserver}.
 *   <li>If it has numbers: {@code metrics.observe(name, supplier)}, with a constant in {@link
 *       dev.warder.observe.MetricName}.
 * </ul>
 *
 * <p>Adding a filter or servlet: extend {@link dev.warder.http.GatewayFilter} or {@link dev.warder.http.GatewayServlet}, whose
 * type argument is what it needs; a record where that is more than one part. Declare it in {@code web.xml}, since the container
 * creates it, and add a branch to {@code Gateway.join}, which hands the parts over. Pages and resources of administrators need
 * no servlet, see {@link dev.warder.admin.AdminEndpoints}; a part for them is a component of {@link
 * dev.warder.admin.AdminContext}.
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
 * its {@code read}; problems are reported in the order of those lines. The root passes the record to the parts that it creates,
 * and to filters and servlets as one of their parts.
 */
@NullMarked
package dev.warder;

import org.jspecify.annotations.NullMarked;
