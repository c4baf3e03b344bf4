/**
 * What every filter knows about HTTP: the canonical request target and its route, the fields that travel end to end, the
 * tokens a caller presents, the two dialects of error bodies, and the typed attributes through which filters communicate.
 */
@NullMarked
package dev.warder.http;

import org.jspecify.annotations.NullMarked;
