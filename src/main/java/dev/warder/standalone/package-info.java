/**
 * The standalone form of the WAR: the command line, an embedded Jetty that serves the unpacked WAR as a servlet
 * container would, the built-in stand-in for the API, and the end by SIGTERM. It lies outside {@code WEB-INF/classes};
 * a servlet container that deploys the WAR never sees it. Settings reach the application as JNDI entries, so that one
 * configuration reader serves both forms.
 */
@NullMarked
package dev.warder.standalone;

import org.jspecify.annotations.NullMarked;
