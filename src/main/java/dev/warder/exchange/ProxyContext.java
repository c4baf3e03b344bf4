package dev.warder.exchange;

import dev.warder.auth.ClientSettings;
import dev.warder.auth.Gates;
import dev.warder.container.ClientThreads;
import dev.warder.container.TaskThreads;
import dev.warder.exchange.tries.TriesContext;
import dev.warder.exchange.up.BodyStorage;
import dev.warder.observe.Tracing;
import dev.warder.upstream.UpstreamClient;
import dev.warder.usage.RequestUsage;
import java.util.function.LongSupplier;

/**
 * The common tools of exchanges.
 *
 * @param threads those that talk to clients
 * @param tasks those for what takes a while
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
        TaskThreads tasks,
        BodyStorage bodies,
        Exchanges exchanges,
        ClientShares shares,
        Gates gates,
        RequestUsage.Recorder usage,
        Tracing tracing,
        TriesContext tries,
        LongSupplier nanoTime,
        LongSupplier runningTime) {}
