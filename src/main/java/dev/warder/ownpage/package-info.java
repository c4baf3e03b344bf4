/** The page {@code /me}, on which a client sees its spend, limits and sessions, and asks for a higher limit. */
@NullMarked
package dev.warder.ownpage;

import org.jspecify.annotations.NullMarked;
