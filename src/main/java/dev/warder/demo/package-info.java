/**
 * The demonstration upstream of {@code --demo}: a small Jetty server on a loopback port that implements the part of the
 * Anthropic API which a first look needs, without an account. {@link dev.warder.demo.DemoUpstream} is the server,
 * {@code DemoApi} decides the response, {@code DemoReply} writes it.
 * The documents are records that JSON-B writes ({@code DemoDocument}, {@code DemoEvent}).
 */
@NullMarked
package dev.warder.demo;

import org.jspecify.annotations.NullMarked;
