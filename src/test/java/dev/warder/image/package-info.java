/** The files of {@code conf/container}: read as far as can be without a registry, and run as a plain folder. */
@NullMarked
package dev.warder.image;

import org.jspecify.annotations.NullMarked;
