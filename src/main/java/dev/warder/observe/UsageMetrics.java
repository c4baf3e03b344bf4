package dev.warder.observe;

import dev.warder.record.CompletedRequest;
import dev.warder.record.RequestObserver;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageKind;
import dev.warder.usage.UsageRow;
import io.micrometer.core.instrument.Counter;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;

/** Counts the tokens and the cost of each try. Thread-safe; it never waits for anything. */
final class UsageMetrics implements RequestObserver {
    private static final double NANOS = 1e9;

    /** The kinds of tokens. Thinking is a part of the output, so that it has no series of its own. */
    private static final Map<UsageKind, String> KINDS = new EnumMap<>(Map.of(
            UsageKind.INPUT, "input",
            UsageKind.CACHE_WRITE_5M, "cache-write-5m",
            UsageKind.CACHE_WRITE_1H, "cache-write-1h",
            UsageKind.CACHE_READ, "cache-read",
            UsageKind.OUTPUT, "output"));

    private final LabelValues values;
    private final ModelNames models;
    private final Family<Counter> tokens;
    private final Family<Counter> searches;
    private final Family<Counter> cost;
    private final Family<Counter> clientTokens;
    private final Family<Counter> clientCost;

    UsageMetrics(LabelValues values, ModelNames models, Instruments instruments) {
        this.values = values;
        this.models = models;
        tokens = instruments.counters(MetricName.TOKENS);
        searches = instruments.counters(MetricName.WEB_SEARCHES);
        cost = instruments.counters(MetricName.COST);
        clientTokens = instruments.counters(MetricName.CLIENT_TOKENS);
        clientCost = instruments.counters(MetricName.CLIENT_COST);
    }

    @Override
    public void completed(CompletedRequest request) {
        for (var row : request.usage()) {
            count(row);
            if (!values.clients().isEmpty()) {
                countClient(row, values.client(request.client()));
            }
        }
    }

    private void count(UsageRow row) {
        String model = models.label(row.models().priced());
        var counts = row.consumption().counts();
        each(counts, (kind, count) -> tokens.with(model, kind).increment(count));
        if (counts.webSearches() > 0) {
            searches.with(model).increment((double) counts.webSearches());
        }
        cost.with(model, values.credential(row.upstream().credential()))
                .increment(row.cost().nanos() / NANOS);
    }

    private void countClient(UsageRow row, String client) {
        each(
                row.consumption().counts(),
                (kind, count) -> clientTokens.with(client, kind).increment(count));
        clientCost.with(client).increment(row.cost().nanos() / NANOS);
    }

    private static void each(UsageCounts counts, ObjDoubleConsumer<String> counter) {
        KINDS.forEach((kind, word) -> {
            long count = counts.count(kind);
            if (count > 0) {
                counter.accept(word, (double) count);
            }
        });
    }
}
