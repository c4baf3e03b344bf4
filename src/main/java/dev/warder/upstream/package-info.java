/**
 * The one client that speaks to the upstream: connections, their time-outs and their pool, and the call that can be
 * cancelled at any moment.
 */
@NullMarked
package dev.warder.upstream;

import org.jspecify.annotations.NullMarked;
