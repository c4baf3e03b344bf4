package dev.warder.exchange.tries;

import dev.warder.credential.CredentialUse;
import dev.warder.credential.UpstreamCredential;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * The common tools of all tries.
 *
 * @param rejected asks about a value that the upstream refused with 401, and that no other one takes the place of
 * @param runningTime a clock that never goes back, and goes on only while the program runs
 */
public record TriesContext(
        Provider provider,
        BiConsumer<CredentialUse, UpstreamCredential> rejected,
        Replays replays,
        LongSupplier runningTime) {}
