/**
 * What Warder promises, run on the built WAR in every container: each contract is abstract, and {@code JettyIT} and
 * {@code TomcatIT} run all of them.
 */
@NullMarked
package dev.warder.contract;

import org.jspecify.annotations.NullMarked;
