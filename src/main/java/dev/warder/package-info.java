/** The wiring: reads the configuration once, and creates and connects the objects of all other packages. */
@NullMarked
package dev.warder;

import org.jspecify.annotations.NullMarked;
