/** Digests (FIPS 180-4) of texts that are compared and never restored. */
@NullMarked
package dev.warder.digest;

import org.jspecify.annotations.NullMarked;
