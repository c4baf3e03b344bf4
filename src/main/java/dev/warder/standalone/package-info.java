/**
 * The standalone form of the WAR: an embedded Jetty that serves the unpacked WAR as a servlet container would, until SIGTERM.
 * {@code dev.warder.cli} has the command line. Both packages are in {@code WEB-INF/launcher}, where a servlet container that
 * deploys the WAR never looks for classes. One class loader has the server and the application. Settings still reach the
 * application as JNDI entries, so that one configuration reader serves both forms.
 *
 * <p>{@link dev.warder.standalone.DemoUpstream} is the upstream of {@code --demo}, a small server on a loopback port with the
 * part of the Anthropic API that a first look needs, without an account; {@code DemoApi} decides what it writes.
 */
@NullMarked
package dev.warder.standalone;

import org.jspecify.annotations.NullMarked;
