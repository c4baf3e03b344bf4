package dev.warder.observe;

import dev.warder.admin.GatewayMXBean;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The numbers of the node that its MBean also shows, each read when it is asked for. */
final class NodeGauges {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private NodeGauges() {}

    /** Creates the gauges; the time of {@link MetricName#UPTIME} begins. */
    static void register(Instruments instruments, GatewayMXBean numbers, LongSupplier nanoTime) {
        var none = Tags.empty();
        long started = nanoTime.getAsLong();
        instruments.gauge(MetricName.EXCHANGES_OPEN, none, numbers::getOpenExchanges);
        instruments.gauge(MetricName.EXCHANGES_LIMIT, none, numbers::getOpenExchangesLimit);
        instruments.gauge(
                MetricName.UPSTREAM_CONNECTIONS, Tags.of("state", "leased"), numbers::getUpstreamConnectionsLeased);
        instruments.gauge(
                MetricName.UPSTREAM_CONNECTIONS, Tags.of("state", "idle"), numbers::getUpstreamConnectionsIdle);
        instruments.gauge(MetricName.MEMORY_USED, none, numbers::getCollectedBytes);
        instruments.gauge(MetricName.MEMORY_LIMIT, none, numbers::getCollectedBytesLimit);
        instruments.gauge(MetricName.MEMORY_WAITING, none, numbers::getRequestsWaitingForMemory);
        instruments.gauge(MetricName.CLIENT_QUEUE_MAX, none, numbers::getLongestQueue);
        instruments.gauge(MetricName.CLIENT_THREADS, none, numbers::getClientThreads);
        instruments.gauge(MetricName.CLIENT_THREADS_LIMIT, none, numbers::getClientThreadsLimit);
        instruments.gauge(MetricName.DRAINING, none, () -> numbers.isDraining() ? 1 : 0);
        instruments.gauge(MetricName.UPTIME, none, () -> (nanoTime.getAsLong() - started) / NANOS);
        instruments.counted(MetricName.REQUESTS_BEGUN, none, numbers::getRequestsBegun);
        instruments.counted(MetricName.RELOADS, Tags.of("result", "ok"), numbers::getConfigurationReloads);
        instruments.counted(MetricName.RELOADS, Tags.of("result", "refused"), numbers::getConfigurationReloadsRefused);
    }
}
