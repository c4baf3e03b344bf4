package dev.warder;

import dev.warder.admin.GatewayMXBean;
import dev.warder.body.MemoryBudget;
import dev.warder.config.FileWatch;
import dev.warder.container.ClientThreads;
import dev.warder.exchange.Drain;
import dev.warder.exchange.Exchanges;
import dev.warder.exchange.Limits;
import dev.warder.http.Readiness;
import dev.warder.record.RequestCounts;
import dev.warder.upstream.UpstreamClient;

/** The values and operations of the MBean. Thread-safe. */
final class GatewayNumbers implements GatewayMXBean {
    private final Exchanges exchanges;
    private final UpstreamClient client;
    private final MemoryBudget memory;
    private final ClientThreads clientThreads;
    private final Readiness readiness;
    private final Drain drain;
    private final RequestCounts counts;
    private final Limits limits;
    private final FileWatch files;

    GatewayNumbers(
            Exchanges exchanges,
            UpstreamClient client,
            MemoryBudget memory,
            ClientThreads clientThreads,
            Readiness readiness,
            Drain drain,
            RequestCounts counts,
            Limits limits,
            FileWatch files) {
        this.exchanges = exchanges;
        this.client = client;
        this.memory = memory;
        this.clientThreads = clientThreads;
        this.readiness = readiness;
        this.drain = drain;
        this.counts = counts;
        this.limits = limits;
        this.files = files;
    }

    @Override
    public int getOpenExchanges() {
        return exchanges.open();
    }

    @Override
    public int getOpenExchangesLimit() {
        return limits.streams();
    }

    @Override
    public int getUpstreamConnectionsLeased() {
        return client.leased();
    }

    @Override
    public int getUpstreamConnectionsIdle() {
        return client.idle();
    }

    @Override
    public long getCollectedBytes() {
        return memory.used();
    }

    @Override
    public long getCollectedBytesLimit() {
        return limits.memory();
    }

    @Override
    public int getRequestsWaitingForMemory() {
        return memory.waiting();
    }

    @Override
    public long getLongestQueue() {
        return exchanges.longestQueue();
    }

    @Override
    public int getClientThreads() {
        return clientThreads.busy();
    }

    @Override
    public int getClientThreadsLimit() {
        return clientThreads.limit();
    }

    @Override
    public long getRequestsBegun() {
        return counts.requestsBegun();
    }

    @Override
    public long getRequestsCompleted() {
        return counts.requestsCompleted();
    }

    @Override
    public long getConfigurationReloads() {
        return files.reloads();
    }

    @Override
    public long getConfigurationReloadsRefused() {
        return files.refusals();
    }

    @Override
    public boolean isDraining() {
        return readiness.draining();
    }

    @Override
    public void drain() {
        drain.start();
    }
}
