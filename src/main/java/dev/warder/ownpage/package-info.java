/** The page {@code /me}, on which a client sees its spend, limits and sessions. */
@NullMarked
package dev.warder.ownpage;

import org.jspecify.annotations.NullMarked;
