package dev.warder.proxy;

import dev.warder.body.MemoryBudget;
import dev.warder.body.SegmentPool;
import dev.warder.config.WarderConfig;
import dev.warder.credential.CredentialCheckup;
import dev.warder.gate.Gates;
import dev.warder.upstream.UpstreamClient;
import java.util.function.LongSupplier;

/**
 * What every exchange works with.
 *
 * @param threads those that talk to clients
 * @param memory the room for all collected bodies
 * @param segments what their bytes are in
 * @param checkup asks about credentials that the upstream rejected
 * @param shares what one client may take
 * @param gates decide which requests go up
 * @param nanoTime a clock that never goes back
 */
public record ProxyContext(
        WarderConfig config,
        UpstreamClient client,
        ClientThreads threads,
        MemoryBudget memory,
        SegmentPool segments,
        Exchanges exchanges,
        CredentialCheckup checkup,
        ClientShares shares,
        Gates gates,
        LongSupplier nanoTime) {}
