/**
 * What Warder promises, tested with the built WAR in an embedded container. A contract is a concrete class that runs on Jetty, and on
 * Tomcat too where it is marked {@link dev.warder.contract.OnEachContainer}; classes whose names end with {@code IT} choose their
 * containers themselves. Display names such as A31, P12 or T06 number the cases, so that a report of a failure can name its
 * case. The rules that are cited are in {@code src/site/markdown/rules.md}.
 */
@NullMarked
package dev.warder.contract;

import org.jspecify.annotations.NullMarked;
