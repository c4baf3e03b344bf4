/**
 * What Warder promises, run on the built WAR in every container: each contract is abstract, and {@code JettyIT} and
 * {@code TomcatIT} run all of them. Names such as A31, P12 or S16 number the cases of authentication, prompt and streams, so
 * that a failure can be spoken of.
 */
@NullMarked
package dev.warder.contract;

import org.jspecify.annotations.NullMarked;
