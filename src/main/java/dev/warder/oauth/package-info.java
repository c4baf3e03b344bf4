/**
 * The managed credentials that renew themselves: a login of the operator's OAuth client (RFC 6749, RFC 7636) and workload
 * identity (RFC 7523).
 *
 * <p>{@code TokenSource} gives callers the current token without waiting. Its state is a
 * {@code SharedToken}; its one thread renews the token by a {@code TokenIssuer}, and
 * may wait for stores and endpoints. Stores are in {@code oauth.store}, tokens and the client of the token endpoint in
 * {@code oauth.token}.
 */
@NullMarked
package dev.warder.oauth;

import org.jspecify.annotations.NullMarked;
