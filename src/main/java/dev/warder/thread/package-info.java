/** Threads that repeat a task, and threads that read one document after the other. */
@NullMarked
package dev.warder.thread;

import org.jspecify.annotations.NullMarked;
