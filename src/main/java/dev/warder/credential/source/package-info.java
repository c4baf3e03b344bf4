/**
 * The kinds of upstream credentials, how the operator's are configured, and where their values come from.
 *
 * <p>{@link dev.warder.credential.source.ManagedSettings} reads the operator's credentials. Each becomes a
 * {@link dev.warder.credential.source.CredentialSource}, which returns the value that goes upstream now as an
 * {@link dev.warder.credential.source.UpstreamCredential}; its method {@code addTo} is the only place that puts a secret into
 * a field. Sources with values that renew themselves are in {@code dev.warder.oauth}. This package does not know which
 * credential a request uses.
 */
@NullMarked
package dev.warder.credential.source;

import org.jspecify.annotations.NullMarked;
