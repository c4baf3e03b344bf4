/** The wiring: reads the configuration once and connects the packages below. */
@NullMarked
package dev.warder;

import org.jspecify.annotations.NullMarked;
