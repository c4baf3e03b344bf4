/**
 * A token that renews itself: when it is renewed, which callers share a renewal, and how an operator's action is done meanwhile.
 *
 * <p>{@link dev.warder.oauth.renewal.TokenSource} gives callers the current token without waiting. Its state is a
 * {@code SharedToken} under one lock. Its one thread does the {@code TokenRenewal} by a
 * {@link dev.warder.oauth.renewal.TokenIssuer}, and may wait for stores and endpoints. This package knows neither logins nor
 * workload identity: those are issuers, in {@code dev.warder.oauth}.
 */
@NullMarked
package dev.warder.oauth.renewal;

import org.jspecify.annotations.NullMarked;
