package dev.warder;

import dev.warder.ShutdownOrder.Step;
import dev.warder.admin.GatewayMBeanServer;
import dev.warder.admin.GatewayMXBean;
import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.RecentRefusals;
import dev.warder.adminapi.OwnUsage;
import dev.warder.adminapi.RateLimitLists;
import dev.warder.adminapi.Reports;
import dev.warder.adminapi.SpendLimits;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.IssuedTokens;
import dev.warder.auth.TokenThrottle;
import dev.warder.auth.TokenWarnings;
import dev.warder.body.MemoryBudget;
import dev.warder.body.SegmentPool;
import dev.warder.config.ConfigException;
import dev.warder.config.FileWatch;
import dev.warder.config.Setting;
import dev.warder.container.ChunkedReads;
import dev.warder.container.ClientThreads;
import dev.warder.container.Container;
import dev.warder.container.ReadTurns;
import dev.warder.container.TaskThreads;
import dev.warder.credential.CredentialCheckup;
import dev.warder.database.LimitedSource;
import dev.warder.exchange.ClientShares;
import dev.warder.exchange.Drain;
import dev.warder.exchange.Exchanges;
import dev.warder.health.DatabaseCheck;
import dev.warder.http.Attributes;
import dev.warder.http.IdRandom;
import dev.warder.http.Readiness;
import dev.warder.http.SmallBodies;
import dev.warder.ledger.Ledger;
import dev.warder.ledger.lease.DatabaseLeases;
import dev.warder.ledger.lease.PeriodReader;
import dev.warder.ledger.store.ChargeLookup;
import dev.warder.observe.BudgetNumbers;
import dev.warder.observe.LedgerNumbers;
import dev.warder.observe.RateLimitNumbers;
import dev.warder.observe.ReconciliationNumbers;
import dev.warder.observe.WebhookNumbers;
import dev.warder.openai.ServedModels;
import dev.warder.policy.DatabaseVersions;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Policy;
import dev.warder.policy.PolicyFollower;
import dev.warder.policy.PolicySettings;
import dev.warder.policy.PolicyStore;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.VersionExchange;
import dev.warder.principal.Administration;
import dev.warder.principal.PrincipalApi;
import dev.warder.quota.budget.BudgetReports;
import dev.warder.quota.budget.Budgets;
import dev.warder.quota.budget.DatabaseBounds;
import dev.warder.quota.budget.Surroundings;
import dev.warder.quota.budget.ThresholdReached;
import dev.warder.quota.budget.Webhook;
import dev.warder.quota.budget.WebhookSettings;
import dev.warder.quota.rate.DatabaseLimits;
import dev.warder.quota.rate.LimitStore;
import dev.warder.quota.rate.RateLimiting;
import dev.warder.reconcile.Reconciliation;
import dev.warder.record.ObserverThread;
import dev.warder.record.RequestCounts;
import dev.warder.settings.GatewaySettings;
import dev.warder.upstream.UpstreamClient;
import dev.warder.usage.AssumedModels;
import dev.warder.usage.MessageThreads;
import dev.warder.usage.OutputRate;
import dev.warder.usage.TryIds;
import dev.warder.usage.UnknownMembers;
import dev.warder.usage.UsageRecorder;
import jakarta.servlet.ServletContext;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of the application, created in one place. {@link Gateway#start} starts its threads, except for those of the
 * ledger's journal: the ledger opens its folder and the MBeans are registered here. If a part cannot be created, those
 * before it
 * are closed; later, {@link #shutdown} closes all.
 */
final class GatewayParts {
    private static final long THREAD_END_MILLIS = 1000;

    /** Bodies of requests that wait for a budget may use this part of the memory. */
    private static final long WAITING_PARTS = 4;

    final NamedThreads upstreamThreads = new NamedThreads("upstream");
    final NamedThreads ledgerThreads = new NamedThreads("ledger");
    final NamedThreads clientThreadFactory = new NamedThreads("client");
    final GatewaySettings settings;
    final FileWatch files;
    final Exchanges exchanges;
    final MemoryBudget memory;
    final ClientShares shares;
    final SegmentPool segments;
    final UpstreamClient client;
    final ClientThreads clientThreads;
    final ChunkedReads chunkedReads;
    final Optional<ReadTurns> readTurns;
    final TaskThreads taskThreads;
    final ClientDirectory clients;
    final TokenWarnings tokenWarnings;
    final Optional<VersionExchange> policyVersions;
    final Optional<PolicyFollower> policyFollower;
    final Optional<PrincipalApi> principals;
    final Optional<DatabaseCheck> database;
    final Credentials credentials;
    final BudgetNotifications notifications;
    final Optional<Budgets> budgets;
    final Optional<RateLimiting> rateLimiting;
    final ReportParts readers;
    final Reports reports;
    final Optional<Reconciliation> reconciliation;
    final Optional<Ledger> ledger;

    final CredentialCheckup checkup;
    final ServedModels models;
    final AssumedModels assumedModels;
    final Readiness readiness;
    final Drain drain;
    final Schedule schedule = new Schedule();
    /** By it the waiting of exchanges is measured: for clients, upstream, gates and memory. */
    final RunningClock clock = new RunningClock(System::nanoTime);

    final GatewayMXBean numbers;
    final Telemetry telemetry;
    final GatewayMBeanServer registration;
    final RequestCounts counts = new RequestCounts();
    final ObserverThread observerThread = new ObserverThread(new NamedThreads("observer"));
    final UsageRecorder usage;
    final TokenThrottle throttle = new TokenThrottle(System::nanoTime, "admin.token");
    final TokenThrottle metricsThrottle = new TokenThrottle(System::nanoTime, "metrics.token or admin.token");
    final SmallBodies smallBodies = new SmallBodies(Runtime.getRuntime().maxMemory());
    final RecentRefusals refusals = new RecentRefusals(InstantSource.system());
    final Dashboard dashboard;

    final ShutdownOrder shutdown = new ShutdownOrder();

    /**
     * @param start how the application was started
     * @param files the files that the configuration has begun to watch
     * @param dataSource the operator's database, if one is bound
     * @param application the deployed application
     */
    GatewayParts(
            GatewaySettings settings,
            Overview.Start start,
            FileWatch files,
            Optional<DataSource> dataSource,
            ServletContext application) {
        this.settings = settings;
        this.files = files;
        addFirstSteps();
        try {
            EnforcingBudgets.require(
                    settings.policy(),
                    dataSource.isPresent(),
                    settings.database().folder().isPresent());
            var access = AccessParts.of(
                    settings, files, dataSource, ledgerThreads, WarderListener.isStandalone(application));
            clients = access.clients();
            tokenWarnings = access.tokenWarnings();
            policyVersions = access.versions();
            policyFollower = access.follower();
            principals = access.api();
            principals.ifPresent(each -> shutdown.add(Step.PRINCIPALS, each::close));
            database = dataSource.map(source -> new DatabaseCheck(source::getConnection, System::nanoTime));
            credentials = new Credentials(settings, dataSource);
            shutdown.add(Step.CREDENTIALS, credentials::close);
            models = new ServedModels(settings.openAi(), settings.models());
            var rate = Attributes.find(application, OutputRate.class).orElse(OutputRate.DEFAULT);
            assumedModels = new AssumedModels(rate, models::longestPrompt);
            notifications = new BudgetNotifications(settings.budgets().webhook());
            shutdown.add(Step.NOTIFICATIONS, notifications::close);
            budgets = dataSource.flatMap(source -> budgets(settings, source, assumedModels));
            budgets.ifPresent(each -> shutdown.add(Step.BUDGETS, each::close));
            rateLimiting = rateLimiting(settings, dataSource);
            rateLimiting.ifPresent(each -> shutdown.add(Step.RATE_LIMITS, each::close));
            readers = new ReportParts(settings, dataSource, budgets, ledgerThreads, shutdown);
            reconciliation = Reconciling.of(settings, dataSource, ledgerThreads);
            reconciliation.ifPresent(each -> shutdown.add(Step.RECONCILIATION, each::close));
            ledger = Ledger.of(
                    settings.ledger(),
                    settings.database(),
                    dataSource,
                    ledgerThreads,
                    budgets.<ChargeLookup>map(each -> each).orElse(ChargeLookup.NONE));
            ledger.ifPresent(each -> shutdown.add(Step.LEDGER, each::close));
            reports = new Reports(
                    ledger.map(Ledger::groups),
                    settings.prices().book(),
                    ledgerThreads,
                    InstantSource.system(),
                    System::nanoTime);
            shutdown.add(Step.REPORTS, reports::close);
            readiness = ReadinessChecks.of(settings, database, credentials, ledger, budgets);
            shutdown.add(Step.ADMISSION, readiness::takeDown);
            usage = new UsageRecorder(
                    settings.prices(),
                    new MessageThreads(),
                    settings.policy().policy().isPresent()
                            ? new UnknownMembers(settings.budgets().members())
                            : UnknownMembers.UNLIMITED,
                    new TryIds(InstantSource.system(), new IdRandom()),
                    rate,
                    InstantSource.system(),
                    System::nanoTime);
            var limits = settings.proxy().limits();
            var timeouts = settings.proxy().timeouts();
            var container = Container.of(application);
            exchanges = new Exchanges(limits.streams(), container, clock);
            shares = new ClientShares(limits, clients::names);
            memory = new MemoryBudget(limits.memory());
            segments = new SegmentPool(limits.memory());
            drain = new Drain(readiness, exchanges, settings.proxy().drainFile(), timeouts.drain(), System::nanoTime);
            client = new UpstreamClient(
                    settings.upstream().url(),
                    timeouts.connect(),
                    settings.upstream().http2(),
                    upstreamThreads,
                    System::nanoTime);
            shutdown.add(Step.UPSTREAM, client::close);
            checkup = new CredentialCheckup(settings.upstream(), client, System::nanoTime);
            clientThreads = ClientThreads.of(container, limits.streams(), clientThreadFactory);
            shutdown.add(Step.CLIENT_THREADS, clientThreads::close);
            chunkedReads = new ChunkedReads(container, clientThreadFactory);
            readTurns = Attributes.find(application, Executor.class)
                    .map(selectors -> new ReadTurns(selectors, clientThreadFactory));
            shutdown.add(Step.BODY_READS, () -> {
                chunkedReads.close();
                readTurns.ifPresent(ReadTurns::close);
            });
            taskThreads = new TaskThreads(container, clientThreadFactory);
            shutdown.add(Step.TASK_THREADS, taskThreads::close);
            numbers = new GatewayNumbers(
                    exchanges, client, memory, clientThreads, readiness, drain, counts, limits, files);
            telemetry = new Telemetry(settings, numbers, credentials.pool()::states);
            shutdown.add(Step.TELEMETRY, telemetry::close);
            ledger.ifPresent(each -> telemetry
                    .metrics()
                    .observe(new LedgerNumbers(
                            each::openIntents,
                            each::storedRows,
                            each::lostRows,
                            each::unreadableFiles,
                            each::unforcedFiles,
                            each::withoutIntent)));
            budgets.ifPresent(each -> telemetry
                    .metrics()
                    .observe(new BudgetNumbers(
                            each::waiting,
                            each.counts()::waitedRequests,
                            each.counts()::refusedRequests,
                            each.counts()::cutRequests,
                            each.counts()::exceededHolds,
                            each.counts()::clockJumps,
                            () -> each.isDatabaseAway() ? 1 : 0)));
            rateLimiting.ifPresent(each -> telemetry
                    .metrics()
                    .observe(new RateLimitNumbers(each::refused, () -> each.isDatabaseAway() ? 1 : 0)));
            notifications.numbers().ifPresent(telemetry.metrics()::observe);
            reconciliation.map(Reconciling::numbers).ifPresent(telemetry.metrics()::observe);
            settings.policy().policy().ifPresent(live -> telemetry.metrics().observePolicy(() -> live.current()
                    .version()));
            dashboard = Overview.of(settings, start, numbers, readiness, credentials, ledger, refusals);
            var endExchanges = new ExchangeShutdown(drain, exchanges);
            readiness.atTakeDown(endExchanges);
            shutdown.add(Step.EXCHANGES, endExchanges);
            registration = GatewayMBeanServer.register(numbers, application.getContextPath());
            shutdown.add(Step.BEANS, registration::close);
            telemetry.metrics().showAsBeans(registration.application());
        } catch (RuntimeException | Error unusable) {
            // No caller has the parts yet.
            shutdown.run();
            throw unusable;
        }
    }

    private Optional<Budgets> budgets(GatewaySettings settings, DataSource source, AssumedModels assumed) {
        return settings.policy()
                .policy()
                .map(live -> new Budgets(
                        settings.budgets(),
                        settings.prices(),
                        new DatabaseLeases(new LimitedSource(source, ledgerThreads)),
                        // Another source than that of the leases, which do not wait for bounds.
                        new DatabaseBounds(new LimitedSource(source, ledgerThreads)),
                        settings.proxy().limits().memory() / WAITING_PARTS,
                        live::current,
                        assumed,
                        new Surroundings(ledgerThreads, InstantSource.system(), System::nanoTime, notifications)));
    }

    private Optional<RateLimiting> rateLimiting(GatewaySettings settings, Optional<DataSource> dataSource) {
        Optional<LimitStore> store =
                dataSource.map(source -> new DatabaseLimits(new LimitedSource(source, ledgerThreads)));
        return settings.policy().policy().map(live -> new RateLimiting(store, ledgerThreads, System::nanoTime));
    }

    private void addFirstSteps() {
        shutdown.add(Step.SIGN_INS, throttle::close);
        shutdown.add(Step.SIGN_INS, metricsThrottle::close);
        shutdown.add(Step.OBSERVERS, observerThread::close);
        shutdown.add(Step.TASKS, schedule::close);
        shutdown.add(Step.REMAINING_CLIENT_THREADS, () -> clientThreadFactory.awaitEnd(THREAD_END_MILLIS));
        shutdown.add(Step.REMAINING_UPSTREAM_THREADS, () -> upstreamThreads.awaitEnd(THREAD_END_MILLIS));
        shutdown.add(Step.REMAINING_LEDGER_THREADS, () -> ledgerThreads.awaitEnd(THREAD_END_MILLIS));
        shutdown.add(Step.REMAINING_TASKS, schedule::awaitEnd);
    }

    /**
     * The parts that know who may use the gateway.
     *
     * @param versions compares the versions of {@code policy.file} of all nodes; empty without a database
     * @param follower reads the policy in the database; empty without a database
     * @param api serves it to administrators; empty without a database
     */
    record AccessParts(
            ClientDirectory clients,
            TokenWarnings tokenWarnings,
            Optional<VersionExchange> versions,
            Optional<PolicyFollower> follower,
            Optional<PrincipalApi> api) {
        private static final Logger LOG = LoggerFactory.getLogger(AccessParts.class);
        private static final int MOST_NAMED = 20;

        /**
         * Creates them; nothing is read from the database yet.
         *
         * @param isStandalone whether the address of a caller is always that of the connection
         */
        static AccessParts of(
                GatewaySettings settings,
                FileWatch files,
                Optional<DataSource> dataSource,
                ThreadFactory threads,
                boolean isStandalone) {
            var policy = settings.policy();
            var issued = new IssuedTokens();
            var clients =
                    ClientDirectory.of(settings.clients(), policy.policy(), issued, files, InstantSource.system());
            Optional<PolicyFollower> follower = dataSource.map(
                    source -> follower(policy, new LimitedSource(source, threads), issued, isStandalone));
            Optional<LivePolicy> live = policy.policy().filter(any -> policy.usesDatabase());
            return new AccessParts(
                    clients,
                    new TokenWarnings(settings.clients(), clients),
                    policy.policy()
                            .flatMap(used -> dataSource.map(
                                    source -> new VersionExchange(used, new DatabaseVersions(source), policy::look))),
                    follower,
                    follower.map(each ->
                            new PrincipalApi(new Administration(each, clients, live, policy.byDefault()), threads)));
        }

        private static PolicyFollower follower(
                PolicySettings policy, DataSource source, IssuedTokens issued, boolean isStandalone) {
            var warned = new AtomicBoolean(!isStandalone);
            List<Consumer<StoredPolicy>> listeners = policy.usesDatabase()
                    ? List.of(
                            content -> issued.replace(content.tokens().values()),
                            policy.policy().orElseThrow()::accept,
                            content -> warnOfNetworks(issued.namesWithNetworks(), warned))
                    : List.of();
            return new PolicyFollower(new PolicyStore(source), listeners);
        }

        private static void warnOfNetworks(List<String> names, AtomicBoolean warned) {
            if (!names.isEmpty() && warned.compareAndSet(false, true)) {
                LOG.warn(
                        "networks of access tokens: java -jar knows the address of the connection only. Behind a front end"
                                + " on this or another machine all callers have the address of the front end. Limited tokens"
                                + " ({}): {}",
                        names.size(),
                        names.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")));
            }
        }
    }

    /** Notifications of budgets to the webhook, if one is set. Thread-safe. */
    static final class BudgetNotifications implements Consumer<ThresholdReached>, AutoCloseable {
        private static final long THREAD_END_MILLIS = 1000;

        private final NamedThreads threads = new NamedThreads("notification");
        private final Optional<Webhook> webhook;

        BudgetNotifications(Optional<WebhookSettings> settings) {
            webhook = settings.map(each ->
                    new Webhook(each, threads, InstantSource.system(), System::nanoTime, new SplittableRandom()));
        }

        Optional<WebhookNumbers> numbers() {
            return webhook.map(each -> {
                var results = new HashMap<String, LongSupplier>();
                for (var result : Webhook.Result.values()) {
                    results.put(result.word(), () -> each.count(result));
                }
                return new WebhookNumbers(results, each::waiting);
            });
        }

        void start() {
            webhook.ifPresent(Webhook::start);
        }

        @Override
        public void accept(ThresholdReached reached) {
            webhook.ifPresent(each -> each.offer(reached));
        }

        /** Sends what waits, for a few seconds. */
        @Override
        public void close() {
            webhook.ifPresent(Webhook::close);
            threads.awaitEnd(THREAD_END_MILLIS);
        }
    }

    /** Ends the open exchanges when the application is taken down. Thread-safe. */
    static final class ExchangeShutdown implements Runnable {
        private static final Logger LOG = LoggerFactory.getLogger(ExchangeShutdown.class);

        private static final long LAST_WORDS_MILLIS = 4000;

        /**
         * A client that receives its response in the middle of its upload gets this time: an immediate reset would lose the
         * response.
         */
        private static final long LISTEN_MILLIS = 1000;

        private static final long BREAK_OFF_MILLIS = 1000;

        private final Drain drain;
        private final Exchanges exchanges;

        ExchangeShutdown(Drain drain, Exchanges exchanges) {
            this.drain = drain;
            this.exchanges = exchanges;
        }

        /** Runs while requests can still be dispatched to the servlets, since aborting a response needs that. */
        @Override
        public void run() {
            try {
                drain.start();
                exchanges.endAll();
                if (!exchanges.awaitEmpty(LISTEN_MILLIS)) {
                    exchanges.endAll();
                }
                if (!exchanges.awaitEmpty(LAST_WORDS_MILLIS)) {
                    LOG.warn("{} exchanges did not end in time", exchanges.open());
                    exchanges.abandonAll();
                }
                // A dispatch that reaches a destroyed servlet of Jetty makes that servlet unavailable, even after the
                // context has started again.
                exchanges.awaitBrokenOff(BREAK_OFF_MILLIS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Creates what compares the ledger with the reports of Anthropic, and its metrics. */
    static final class Reconciling {
        private Reconciling() {}

        /**
         * Empty unless {@code reconcile.key} is set.
         *
         * @throws ConfigException if it is set and there is no database
         */
        static Optional<Reconciliation> of(
                GatewaySettings settings, Optional<DataSource> database, ThreadFactory threads) {
            if (settings.reconcile().isEmpty()) {
                return Optional.empty();
            }
            var source = database.orElseThrow(() -> new ConfigException(List.of(Setting.RECONCILE_KEY.publicName()
                    + ": needs a database: bind jdbc/warder, or with java -jar set data.dir or database.url")));
            return Optional.of(new Reconciliation(
                    settings.reconcile().get(),
                    new LimitedSource(source, threads),
                    // Another one, since an administrator does not wait for a comparison.
                    new LimitedSource(source, threads),
                    settings.ledger().retention(),
                    threads,
                    InstantSource.system(),
                    new SplittableRandom()));
        }

        static ReconciliationNumbers numbers(Reconciliation reconciliation) {
            return new ReconciliationNumbers(
                    () -> reconciliation.status().openDays(),
                    () -> reconciliation.status().unexplainedNanos(),
                    () -> reconciliation.status().unexplainedTokens(),
                    () -> reconciliation.status().failures());
        }
    }

    /**
     * Readers of the policy and the database for people. Each part has connections of its own, so that no lease waits for a
     * report.
     */
    static final class ReportParts {
        final Optional<BudgetReports> budgets;

        final SpendLimits spendLimits;

        final Optional<OwnUsage> ownUsage;

        final RateLimitLists rateLimits;

        private final Optional<DataSource> database;
        private final ThreadFactory threads;

        ReportParts(
                GatewaySettings settings,
                Optional<DataSource> database,
                Optional<Budgets> enforced,
                ThreadFactory threads,
                ShutdownOrder shutdown) {
            this.database = database;
            this.threads = threads;
            Optional<Supplier<Policy>> policy = settings.policy().policy().map(live -> live::current);
            var clock = InstantSource.system();
            budgets = policy.flatMap(current -> enforced.flatMap(each -> source().map(source ->
                    new BudgetReports(current, each::node, source, threads, clock, System::nanoTime))));
            budgets.ifPresent(each -> shutdown.add(Step.BUDGET_REPORTS, each::close));
            spendLimits = new SpendLimits(policy, source().map(PeriodReader::new), threads, clock);
            shutdown.add(Step.SPEND_LIMITS, spendLimits::close);
            ownUsage = policy.flatMap(current -> source().map(source -> new OwnUsage(current, source, threads, clock)));
            ownUsage.ifPresent(each -> shutdown.add(Step.OWN_USAGE, each::close));
            rateLimits = new RateLimitLists(policy);
        }

        private Optional<DataSource> source() {
            return database.map(source -> new LimitedSource(source, threads));
        }
    }
}
