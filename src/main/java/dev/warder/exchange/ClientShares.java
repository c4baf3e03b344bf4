package dev.warder.exchange;

import dev.warder.auth.Client;
import dev.warder.body.MemoryBudget.MemoryShare;
import dev.warder.exchange.ProxySettings.Limits;
import java.util.function.IntSupplier;

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
