/**
 * The HTTP facts that every filter needs: the canonical request target and its route, the end-to-end fields, the tokens that a
 * caller presents, the two dialects of error bodies, and the typed attributes through which filters communicate; and the one
 * reader of request bodies, with the small responses of Warder itself.
 */
@NullMarked
package dev.warder.http;

import org.jspecify.annotations.NullMarked;
