package dev.warder.adminapi;

import dev.warder.http.PageDocument;
import dev.warder.ledger.lease.PeriodReader;
import dev.warder.policy.Policy;
import dev.warder.principal.ApiReply;
import dev.warder.usage.DocumentReads;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * The effective spend limits of all clients. One thread reads them, one page after the other, so that this node has at most one
 * query for them at a time; it exists while there is something to read. Thread-safe; no method waits.
 */
public record SpendLimits(
        Optional<Supplier<Policy>> policy, Optional<PeriodReader> reader, InstantSource clock, DocumentReads reads)
        implements AutoCloseable {
    /** Pages that are read or sent at the same time: each may need 150 KB until a slow client has received it. */
    static final int MOST_OPEN = 16;

    /**
     * Creates them; nothing is read yet.
     *
     * @param policy gives the policy in use; empty without one, which has the budgets
     * @param reader empty without a database: no budget has an effect then
     * @param threads makes the thread
     */
    public SpendLimits(
            Optional<Supplier<Policy>> policy,
            Optional<PeriodReader> reader,
            ThreadFactory threads,
            InstantSource clock) {
        this(policy, reader, clock, new DocumentReads(MOST_OPEN, threads));
    }

    /**
     * The page that a query asks for. Fails with an {@link SQLException} if the database cannot be read now. A page that is
     * cancelled before its turn is not read.
     */
    CompletableFuture<ApiReply> page(EffectiveLimits.Asked query) {
        return reads.read(wanted -> read(query));
    }

    /** Ends what waits. What runs goes on: an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        reads.close();
    }

    private ApiReply read(EffectiveLimits.Asked query) throws SQLException {
        if (policy.isEmpty() || reader.isEmpty()) {
            return ApiReply.of(200, new PageDocument<>(List.of(), Optional.empty()));
        }
        var limits = EffectiveLimits.of(policy.get().get(), query, clock.instant());
        return ApiReply.of(200, limits.page(reader.get().read(limits.keys())));
    }
}
