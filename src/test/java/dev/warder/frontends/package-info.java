/**
 * Warder behind nginx, HAProxy and Apache httpd, run as processes with the files of {@code conf/} as they are: only
 * addresses, ports and paths are filled in; and Warder that reaches its upstream through Squid and tinyproxy. Runs in the Maven profile {@code frontends} alone.
 */
@NullMarked
package dev.warder.frontends;

import org.jspecify.annotations.NullMarked;
