package dev.warder.oauth;

import dev.warder.credential.UpstreamCredential;
import java.util.concurrent.CompletableFuture;

/**
 * A caller that waits for a renewal.
 *
 * @param refused the value that was refused and that the caller must not get again; empty when there is none
 * @param since when it began to wait, by a clock that never goes back
 */
record Waiter(CompletableFuture<UpstreamCredential> result, String refused, long since) {}
