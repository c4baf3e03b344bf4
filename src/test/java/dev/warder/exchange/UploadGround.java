package dev.warder.exchange;

import dev.warder.GatewaySettings;
import dev.warder.auth.Client;
import dev.warder.auth.Gate;
import dev.warder.auth.Gates;
import dev.warder.body.MemoryBudget;
import dev.warder.body.SegmentPool;
import dev.warder.config.Sources;
import dev.warder.container.ClientThreads;
import dev.warder.container.ClientThreads.ClientStreams;
import dev.warder.container.Container;
import dev.warder.container.SerialTurn;
import dev.warder.credential.CredentialChoice;
import dev.warder.exchange.ProxyContext.ClientShares;
import dev.warder.exchange.tries.AnthropicApi;
import dev.warder.exchange.tries.TriesContext;
import dev.warder.exchange.up.Decisions;
import dev.warder.exchange.up.RequestHead;
import dev.warder.exchange.up.Upload.Arrival;
import dev.warder.exchange.up.Upload.BodyStorage;
import dev.warder.http.ErrorReply;
import dev.warder.http.RequestTools;
import dev.warder.json.BodyPolicy.ModelResolver;
import dev.warder.observe.Tracing;
import dev.warder.record.RequestRecord;
import dev.warder.upstream.Outbound;
import dev.warder.upstream.UpstreamClient;
import dev.warder.usage.Usages;
import jakarta.servlet.AsyncContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** What exchanges work with, with a client that is never started. */
final class UploadGround implements AutoCloseable {
    private static final int SEGMENTS = 1 << 20;

    private final GatewaySettings settings =
            Sources.with("clients.open", "true").read();
    private final UpstreamClient client = new UpstreamClient(
            settings.upstream().url(),
            Duration.ofSeconds(1),
            settings.upstream().http2(),
            Outbound.DIRECT,
            Thread::new,
            () -> 0);

    ProxyContext context(Gates gates, MemoryBudget memory) {
        return context(gates, memory, () -> 0);
    }

    ProxyContext context(Gates gates, MemoryBudget memory, LongSupplier nanoTime) {
        var exchanges = new Exchanges(10, Container.of("Jetty"), nanoTime);
        var shares = new ClientShares(settings.proxy().limits(), () -> 1);
        return new ProxyContext(
                settings.proxy(),
                settings.clients(),
                client,
                ClientThreads.of(Container.of("Jetty"), 1, Thread::new),
                RequestTools.of(Container.of("Jetty"), Optional.empty(), Thread::new),
                new BodyStorage(
                        settings.proxy().limits().body(),
                        settings.proxy().limits().memoryWait(),
                        memory,
                        new SegmentPool(SEGMENTS),
                        shares::memory,
                        nanoTime),
                exchanges,
                shares,
                gates,
                Usages.recorder(Instant.EPOCH, nanoTime),
                Tracing.none(),
                new TriesContext(
                        new AnthropicApi(settings.upstream().url(), "2023-06-01", client.origin()),
                        (use, value) -> {},
                        exchanges.replays(),
                        nanoTime),
                nanoTime,
                nanoTime);
    }

    /** Decisions that change nothing, for a request that no credential is there for. */
    static Decisions decisions() {
        return new Decisions(
                Client.OPEN,
                new CredentialChoice.Refused(ErrorReply.internal()),
                Optional.empty(),
                ModelResolver.UNCHANGED,
                (outline, body) -> List.of(),
                Optional.empty());
    }

    /** An exchange of the client without a name, which has asked the gates that need no body. */
    static Exchange exchange(
            ProxyContext context,
            RequestRecord record,
            Decisions decisions,
            RequestHead head,
            SerialTurn turn,
            AsyncContext async,
            ClientStreams streams) {
        var passage = context.gates().passage(record);
        passage.ask(decisions.inquiry(record.call(), head), Set.of(Gate.Needs.HEAD));
        context.exchanges().reserve(Client.OPEN.name(), 10);
        return new Exchange(context, new Arrival(record, decisions, head, turn, streams.in()), passage, async, streams);
    }

    @Override
    public void close() {
        client.close();
    }
}
