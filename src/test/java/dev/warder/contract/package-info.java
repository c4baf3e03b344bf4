/**
 * What Warder promises, run on the built WAR in every container: each contract is abstract, and {@code JettyIT} and
 * {@code TomcatIT} run all of them. Display names such as A31, P12 or T06 number the cases, so
 * that a report of a failure can name its case. The rules that are cited stand in {@code src/site/markdown/rules.md}.
 */
@NullMarked
package dev.warder.contract;

import org.jspecify.annotations.NullMarked;
