package dev.warder;

import dev.warder.admin.GatewayMXBean;
import dev.warder.auth.AdditionalGates;
import dev.warder.auth.Gates;
import dev.warder.body.MemoryBudget;
import dev.warder.body.SegmentPool;
import dev.warder.config.FileWatch;
import dev.warder.container.ClientThreads;
import dev.warder.container.Container;
import dev.warder.credential.CredentialCheckup;
import dev.warder.exchange.Drain;
import dev.warder.exchange.Exchanges;
import dev.warder.exchange.ProxyContext;
import dev.warder.exchange.ProxyContext.ClientShares;
import dev.warder.exchange.ProxySettings.Limits;
import dev.warder.exchange.tries.Provider;
import dev.warder.exchange.tries.TriesContext;
import dev.warder.exchange.up.Upload.BodyStorage;
import dev.warder.http.Attributes;
import dev.warder.http.Readiness;
import dev.warder.http.RequestId.IdRandom;
import dev.warder.http.RequestTools;
import dev.warder.observe.Tracing;
import dev.warder.record.ObserverThread;
import dev.warder.record.RequestObservers.RequestCounts;
import dev.warder.upstream.UpstreamClient;
import dev.warder.usage.MessageThreads;
import dev.warder.usage.OutputRate;
import dev.warder.usage.RequestUsage;
import dev.warder.usage.TryIds;
import dev.warder.usage.UnknownMembers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts that bring a request up and its response down, and their numbers. Thread-safe once it is complete. */
final class ExchangeModules implements GatewayMXBean {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeModules.class);
    private static final long DRAIN_FILE_MILLIS = 500;
    private static final long TRIM_MILLIS = 10_000;

    private final Wiring wiring;
    private final UpstreamClient client;
    private final Readiness readiness;
    private final Limits limits;
    private final FileWatch files;

    /** By it the waiting of exchanges is measured: for clients, upstream, gates and memory. */
    private final RunningClock clock = new RunningClock(System::nanoTime);

    private final Exchanges exchanges;
    private final MemoryBudget memory;
    private final SegmentPool segments;
    private final Drain drain;
    private final RequestCounts counts = new RequestCounts();
    final ObserverThread observers;
    private final ClientThreads clientThreads;
    final RequestTools tools;

    /** @param threads of the parts that serve clients */
    ExchangeModules(Wiring wiring, NamedThreads threads, UpstreamClient client, Readiness readiness) {
        this.wiring = wiring;
        this.client = client;
        this.readiness = readiness;
        files = wiring.deployment().files();
        var proxy = wiring.settings().proxy();
        limits = proxy.limits();
        var container = Container.of(wiring.deployment().application());
        exchanges = new Exchanges(limits.streams(), container, clock);
        memory = new MemoryBudget(limits.memory());
        segments = new SegmentPool(limits.memory());
        drain = new Drain(
                readiness, exchanges, proxy.drainFile(), proxy.timeouts().drain(), System::nanoTime);
        observers = new ObserverThread(wiring.modules().threads("observer"));
        tools = RequestTools.of(container, wiring.deployment().selectors(), threads);
        clientThreads = ClientThreads.of(container, limits.streams(), threads);
        var modules = wiring.modules();
        modules.add("the thread of observers", observers::start, observers::close);
        // The last: when a request is counted, its line is in the log and the other numbers include it.
        modules.observers.add(counts);
        modules.add("tasks of requests", tools::close);
        modules.add("client threads", clientThreads::close);
    }

    /** Adds the last modules, after all gates and observers: those that let requests in. */
    ProxyContext complete(AccessModules access, Provider api, CredentialCheckup checkup, OutputRate rate) {
        var modules = wiring.modules();
        var settings = wiring.settings();
        readiness.atTakeDown(drain::end);
        // Ends the exchanges of threads that did not leave the filters in time.
        modules.add("open exchanges", this::start, drain::end);
        Attributes.find(wiring.deployment().application(), AdditionalGates.class)
                .ifPresent(added -> added.gates().forEach(gate -> modules.gate(Modules.Turn.ADDED, gate)));
        var usage = new RequestUsage.Recorder(
                settings.prices(),
                new MessageThreads(),
                settings.policy().policy().isPresent()
                        ? new UnknownMembers(settings.budgets().members())
                        : UnknownMembers.UNLIMITED,
                new TryIds(InstantSource.system(), new IdRandom()),
                rate,
                InstantSource.system(),
                System::nanoTime);
        var shares = new ClientShares(limits, access.clients::names);
        var context = new ProxyContext(
                settings.proxy(),
                settings.clients(),
                client,
                clientThreads,
                tools,
                new BodyStorage(limits.body(), limits.memoryWait(), memory, segments, shares::memory, clock),
                exchanges,
                shares,
                new Gates(modules.gates(), clock),
                usage,
                Tracing.ofServer(InstantSource.system()),
                new TriesContext(api, checkup::rejected, exchanges.replays(), clock),
                System::nanoTime,
                clock);
        modules.add("admission", readiness::takeDown);
        // Before the first request: a node that is out of service must not report that it is ready.
        drain.lookForFile();
        return context;
    }

    private void start() {
        var schedule = wiring.schedule();
        schedule.timer.every(Schedule.sweepMillis(wiring.settings().proxy()), () -> {
            clock.look();
            exchanges.sweep();
            breakOffSlowest();
            drain.lookAtClock();
        });
        schedule.timer.every(TRIM_MILLIS, segments::trim);
        schedule.files.every(Schedule.lookMillis(DRAIN_FILE_MILLIS), drain::lookForFile);
    }

    private void breakOffSlowest() {
        int slowest = memory.breakOffSlowest(clock.getAsLong());
        if (slowest > 0) {
            LOG.warn(
                    "Memory is short (limits.memory, limits.clientMemory): broke off exchanges whose clients read too slowly,"
                            + " or whose bodies the upstream takes too slowly: {}",
                    slowest);
        }
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

    /**
     * A clock that goes on only while the program runs. What has to come from others in time is measured by it: after a long
     * garbage collection, or when the whole machine was stopped, what came meanwhile is not late, but still to be read.
     *
     * <p>A periodic look keeps it going: of the time between two looks, half a second counts at most. Its times are nanoseconds
     * that are compared with each other only, and never go back. Thread-safe.
     */
    static final class RunningClock implements LongSupplier {
        /** Twice the longest pause between two looks, see {@link Schedule#sweepMillis}. */
        static final long MOST = Duration.ofMillis(500).toNanos();

        private final LongSupplier nanoTime;
        private volatile Look last;

        /**
         * The last look.
         *
         * @param at its time by the clock that goes on always
         * @param time its time by this clock
         */
        private record Look(long at, long time) {
            long time(long now) {
                // The look may have come after this thread had asked for the time.
                return time + Math.max(0, Math.min(now - at, MOST));
            }
        }

        /** @param nanoTime a clock that never goes back, and goes on always */
        RunningClock(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            long now = nanoTime.getAsLong();
            this.last = new Look(now, now);
        }

        /** Keeps the clock going; to be called several times a second, by one thread at a time. */
        void look() {
            long now = nanoTime.getAsLong();
            last = new Look(now, last.time(now));
        }

        @Override
        public long getAsLong() {
            // In this order, so that the time of a later look counts in full.
            long now = nanoTime.getAsLong();
            return last.time(now);
        }
    }
}
