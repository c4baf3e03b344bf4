/**
 * Which credential goes upstream: the caller's own or a managed one, and as which field. Exactly one credential leaves,
 * and {@link dev.warder.credential.UpstreamCredential#addTo} is the only place where its secret meets a field.
 */
@NullMarked
package dev.warder.credential;

import org.jspecify.annotations.NullMarked;
