/**
 * The demonstration upstream of {@code --demo}: a small Jetty server on a loopback port. It implements the part of the
 * Anthropic API that a first look needs, without an account. {@link dev.warder.demo.DemoUpstream} is the server and
 * writes what {@code DemoApi} decides.
 */
@NullMarked
package dev.warder.demo;

import org.jspecify.annotations.NullMarked;
