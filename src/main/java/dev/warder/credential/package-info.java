/**
 * The choice of the credential that goes upstream: the caller's own or a managed one, and the field that carries it.
 * Exactly one credential is sent, and {@link dev.warder.credential.UpstreamCredential#addTo} is the only place that
 * puts its secret into a field.
 */
@NullMarked
package dev.warder.credential;

import org.jspecify.annotations.NullMarked;
