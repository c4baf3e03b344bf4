package dev.warder.exchange;

import dev.warder.auth.Client;
import dev.warder.auth.ClientSettings;
import dev.warder.auth.Gates;
import dev.warder.body.MemoryBudget.MemoryShare;
import dev.warder.container.ClientThreads;
import dev.warder.exchange.ProxySettings.Limits;
import dev.warder.exchange.tries.TriesContext;
import dev.warder.exchange.up.Upload.BodyStorage;
import dev.warder.http.RequestTools;
import dev.warder.observe.Tracing;
import dev.warder.upstream.UpstreamClient;
import dev.warder.usage.RequestUsage;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The common tools of exchanges.
 *
 * @param threads those that talk to clients
 * @param bodies where collected bodies are kept
 * @param shares what one client may take
 * @param gates decide which requests go up
 * @param usage begins the usage of admitted requests
 * @param tracing follows them with spans
 * @param nanoTime a clock that never goes back
 * @param runningTime another one, which goes on only while the program runs: for all that has to come from others in time
 */
public record ProxyContext(
        ProxySettings config,
        ClientSettings clients,
        UpstreamClient client,
        ClientThreads threads,
        RequestTools tools,
        BodyStorage bodies,
        Exchanges exchanges,
        ClientShares shares,
        Gates gates,
        RequestUsage.Recorder usage,
        Tracing tracing,
        TriesContext tries,
        LongSupplier nanoTime,
        LongSupplier runningTime) {

    /**
     * How much of the gateway one client may take, so that none takes it from the others. A client that is alone in
     * {@code policy.file}, or without it in {@code clients.file}, may take everything, and so may the callers with the shared
     * token and those of open access, who cannot be distinguished. Thread-safe.
     */
    public record ClientShares(Limits limits, IntSupplier names) {
        public MemoryShare memory(Client client) {
            return mayTakeAll(client) ? MemoryShare.UNLIMITED : new MemoryShare(client.name(), limits.clientMemory());
        }

        int streams(Client client) {
            return mayTakeAll(client) ? limits.streams() : limits.clientStreams();
        }

        private boolean mayTakeAll(Client client) {
            return client.isAnyone() || names.getAsInt() < 2;
        }
    }
}
