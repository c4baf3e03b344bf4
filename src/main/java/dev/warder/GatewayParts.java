package dev.warder;

import dev.warder.ShutdownOrder.Step;
import dev.warder.admin.GatewayMBeanServer;
import dev.warder.admin.GatewayMXBean;
import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.RecentRefusals;
import dev.warder.adminapi.Reports;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.TokenThrottle;
import dev.warder.auth.TokenWarnings;
import dev.warder.body.MemoryBudget;
import dev.warder.body.SegmentPool;
import dev.warder.config.FileWatch;
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
import dev.warder.ledger.store.ChargeLookup;
import dev.warder.observe.BudgetNumbers;
import dev.warder.observe.LedgerNumbers;
import dev.warder.observe.RateLimitNumbers;
import dev.warder.openai.ServedModels;
import dev.warder.policy.PolicyFollower;
import dev.warder.policy.VersionExchange;
import dev.warder.principal.PrincipalApi;
import dev.warder.quota.budget.Budgets;
import dev.warder.quota.budget.DatabaseBounds;
import dev.warder.quota.budget.Surroundings;
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
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

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
    /** Empty without a database. */
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

    /** Closes what has been created. */
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

    /** Empty without a policy, which has the budgets. */
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

    /** Empty without a policy, which has the limits. */
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
}
