/** Threads of the application that do the same again and again. */
@NullMarked
package dev.warder.thread;

import org.jspecify.annotations.NullMarked;
