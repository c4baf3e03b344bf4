/**
 * The managed credentials that renew themselves: a login of the operator's OAuth client (RFC 6749, RFC 7636) and workload
 * identity (RFC 7523), with their settings and what an operator does with them.
 *
 * <p>{@link dev.warder.oauth.TokenSources} makes a source for each. {@code StoredLogins} and {@code FederatedIdentity} issue its
 * tokens, and a {@link dev.warder.oauth.CredentialControl} is the operator's interface to it.
 * {@link dev.warder.oauth.CredentialControl.AuthorizationRequest} and {@link dev.warder.oauth.AuthorizationResponse} are the two
 * ends of a login that goes through a browser. {@code SharedToken} decides when tokens are renewed.
 */
@NullMarked
package dev.warder.oauth;

import org.jspecify.annotations.NullMarked;
