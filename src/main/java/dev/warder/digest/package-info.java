/** Digests (FIPS 180-4) of what must be recognised, and not read again. */
@NullMarked
package dev.warder.digest;

import org.jspecify.annotations.NullMarked;
