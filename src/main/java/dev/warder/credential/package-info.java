/**
 * The choice of the credential that goes upstream with a request: the caller's own or a managed one. Exactly one is sent.
 *
 * <p>{@code CredentialRule} decides by the caller's rights. {@link dev.warder.credential.CredentialPool} has the managed
 * credentials, each a {@code Member} with a source and a {@code Health}: the benches for limits of the upstream, and the
 * circuit breaker for failures. {@link dev.warder.credential.Candidates} are the members that one request may use, one
 * {@link dev.warder.credential.Candidates.Use} after the other. A {@code CredentialSource} gives its value.
 */
@NullMarked
package dev.warder.credential;

import org.jspecify.annotations.NullMarked;
