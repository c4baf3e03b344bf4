/**
 * The test kit: a scripted upstream, a rude raw client, embedded containers that deploy the WAR with the files of
 * {@code conf/}, and a log capture. Everything listens on 127.0.0.1 and waits on signals with a limit, so that a test
 * fails instead of hanging.
 */
@NullMarked
package dev.warder.testkit;

import org.jspecify.annotations.NullMarked;
