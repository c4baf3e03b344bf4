package dev.warder.proxy;

import dev.warder.body.MemoryBudget;
import dev.warder.body.SegmentPool;
import dev.warder.config.Sources;
import dev.warder.config.WarderConfig;
import dev.warder.config.WarderConfig.Timeouts;
import dev.warder.credential.CredentialCheckup;
import dev.warder.gate.Gates;
import dev.warder.upstream.UpstreamClient;
import java.time.Duration;

/** What requests on their way up work with, with a client that is never started. */
final class UploadGround implements AutoCloseable {
    private static final int SEGMENTS = 1 << 20;

    private final WarderConfig config =
            Sources.with("clients.open", "true").all().core();
    private final UpstreamClient client = new UpstreamClient(
            config.upstream().url(), Duration.ofSeconds(1), config.upstream().http2(), Thread::new, () -> 0);

    ProxyContext context(Gates gates, MemoryBudget memory) {
        return new ProxyContext(
                config,
                client,
                new ContainerThreads(),
                memory,
                new SegmentPool(SEGMENTS),
                new Exchanges(10, () -> 0),
                new CredentialCheckup(config.upstream(), client, () -> 0),
                new ClientShares(config.limits(), () -> 1),
                gates,
                () -> 0);
    }

    Timeouts timeouts() {
        return config.timeouts();
    }

    @Override
    public void close() {
        client.close();
    }
}
