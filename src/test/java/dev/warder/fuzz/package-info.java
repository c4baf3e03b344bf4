/** Runs the fuzz targets of the other packages: on their corpus always, with Jazzer in the long form. */
@NullMarked
package dev.warder.fuzz;

import org.jspecify.annotations.NullMarked;
