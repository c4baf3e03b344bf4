/**
 * The standalone form of the WAR: an embedded Jetty that serves the unpacked WAR as a servlet container would, until SIGTERM.
 * {@code dev.warder.cli} has the command line, {@code dev.warder.demo} the demonstration upstream. All three packages are
 * outside of {@code WEB-INF/classes}; a servlet container that deploys the WAR never sees them. One class loader has the server
 * and the application. Settings still reach the application as JNDI entries, so that one configuration reader serves both forms.
 */
@NullMarked
package dev.warder.standalone;

import org.jspecify.annotations.NullMarked;
