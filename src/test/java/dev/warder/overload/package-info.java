/** More clients than the gateway serves, and clients that only hold on to it, against a JVM of 512 MiB. */
@NullMarked
package dev.warder.overload;

import org.jspecify.annotations.NullMarked;
