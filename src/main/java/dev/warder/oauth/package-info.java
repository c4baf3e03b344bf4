/**
 * The managed credentials that renew themselves: a login of the operator's OAuth client (RFC 6749, RFC 7636) with its
 * store, and workload identity (RFC 7523). Stores and token endpoints are used on separate threads, which may wait.
 */
@NullMarked
package dev.warder.oauth;

import org.jspecify.annotations.NullMarked;
