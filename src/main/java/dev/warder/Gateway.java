package dev.warder;

import dev.warder.admin.AdminSettings;
import dev.warder.admin.GatewayMBeanServer;
import dev.warder.admin.GatewayMXBean;
import dev.warder.admin.ManagedCredentials;
import dev.warder.admin.TokenThrottle;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.ClientSettings;
import dev.warder.body.MemoryBudget;
import dev.warder.body.SegmentPool;
import dev.warder.config.FileWatch;
import dev.warder.container.ChunkedReads;
import dev.warder.container.ClientThreads;
import dev.warder.container.Container;
import dev.warder.credential.CredentialCheckup;
import dev.warder.credential.CredentialPool;
import dev.warder.credential.source.PassthroughSettings;
import dev.warder.dashboard.Dashboard;
import dev.warder.dashboard.RecentRefusals;
import dev.warder.gate.AdditionalGates;
import dev.warder.gate.CredentialGate;
import dev.warder.gate.Gate;
import dev.warder.gate.Gates;
import dev.warder.gate.ModelPolicyGate;
import dev.warder.health.DatabaseCheck;
import dev.warder.http.Attributes;
import dev.warder.http.Readiness;
import dev.warder.http.Routing;
import dev.warder.ledger.Ledger;
import dev.warder.metrics.LedgerNumbers;
import dev.warder.metrics.Metrics;
import dev.warder.metrics.MetricsSettings;
import dev.warder.models.ModelListRefresh;
import dev.warder.models.ModelSettings;
import dev.warder.openai.ServedModels;
import dev.warder.prompt.PromptSettings;
import dev.warder.proxy.ClientShares;
import dev.warder.proxy.Drain;
import dev.warder.proxy.Exchanges;
import dev.warder.proxy.ProxyContext;
import dev.warder.record.AccessLog;
import dev.warder.record.LogSettings;
import dev.warder.record.ObserverThread;
import dev.warder.record.QuietLog;
import dev.warder.record.RequestCounts;
import dev.warder.record.RequestObserver;
import dev.warder.record.RequestObservers;
import dev.warder.settings.GatewaySettings;
import dev.warder.telemetry.ClientTelemetry;
import dev.warder.tracing.Tracing;
import dev.warder.translation.EventLimit;
import dev.warder.upstream.UpstreamClient;
import dev.warder.usage.TryIds;
import dev.warder.usage.UsageRecorder;
import jakarta.servlet.ServletContext;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running application: creates every collaborator in one place, starts them in order and closes them in reverse order.
 * Filters and servlets, which the container creates, find their collaborators in the servlet context.
 */
final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final long FILES_MILLIS = 2000;
    private static final long DRAIN_FILE_MILLIS = 500;
    private static final long DATABASE_MILLIS = 5000;
    private static final long TRIM_MILLIS = 10_000;
    private static final long THROTTLE_MILLIS = 100;

    /** The longest time until a login that another process has stored is noticed. */
    private static final long CREDENTIALS_MILLIS = 900;

    private static final long MODELS_MILLIS = 250;

    private static final long THREAD_END_MILLIS = 1000;

    private final NamedThreads upstreamThreads = new NamedThreads("upstream");
    private final NamedThreads ledgerThreads = new NamedThreads("ledger");
    private final NamedThreads clientThreadFactory = new NamedThreads("client");
    private final GatewaySettings settings;
    private final FileWatch files;
    private final Exchanges exchanges;
    private final MemoryBudget memory;
    private final ClientShares shares;
    private final SegmentPool segments;
    private final UpstreamClient client;
    private final ClientThreads clientThreads;
    private final ChunkedReads chunkedReads;
    private final ClientDirectory clients;
    private final Optional<DatabaseCheck> database;
    private final Credentials credentials;
    private final Ledger ledger;
    private final CredentialCheckup checkup;
    private final ServedModels models;
    private final Readiness readiness;
    private final Drain drain;
    private final ExchangeShutdown shutdown;
    private final Schedule schedule = new Schedule();
    private final GatewayMXBean numbers;
    private final Telemetry telemetry;
    private final GatewayMBeanServer registration;
    private final RequestCounts counts = new RequestCounts();
    private final ObserverThread observerThread = new ObserverThread(new NamedThreads("observer"));
    private final UsageRecorder usage;
    private final TokenThrottle throttle = new TokenThrottle(System::nanoTime);
    private @Nullable QuietLog quiet;

    private final RecentRefusals refusals = new RecentRefusals(InstantSource.system());
    private final Dashboard dashboard;

    /**
     * @param start how the application was started
     * @param files the files that the configuration has begun to watch
     * @param dataSource the operator's database, if one is bound
     * @param application the deployed application
     */
    Gateway(
            GatewaySettings settings,
            Overview.Start start,
            FileWatch files,
            Optional<DataSource> dataSource,
            ServletContext application) {
        this.settings = settings;
        this.files = files;
        clients = ClientDirectory.of(settings.clients(), files, InstantSource.system());
        database = dataSource.map(source -> new DatabaseCheck(source::getConnection, System::nanoTime));
        credentials = new Credentials(settings, dataSource);
        models = new ServedModels(settings.openAi(), settings.models());
        ledger = Ledger.of(settings.ledger(), settings.database(), dataSource, ledgerThreads);
        try {
            readiness = ReadinessChecks.of(settings, database, credentials, ledger);
            usage = new UsageRecorder(
                    settings.prices(),
                    new TryIds(InstantSource.system(), new SecureRandom()),
                    InstantSource.system(),
                    System::nanoTime);
            var limits = settings.proxy().limits();
            var timeouts = settings.proxy().timeouts();
            exchanges = new Exchanges(limits.streams(), System::nanoTime);
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
            checkup = new CredentialCheckup(settings.upstream(), client, System::nanoTime);
            var container = Container.of(application);
            clientThreads = ClientThreads.of(container, limits.streams(), clientThreadFactory);
            chunkedReads = new ChunkedReads(container, clientThreadFactory);
            numbers = new GatewayNumbers(
                    exchanges, client, memory, clientThreads, readiness, drain, counts, limits, files);
            telemetry = new Telemetry(settings, numbers, credentials.pool()::states);
            telemetry
                    .metrics()
                    .observe(new LedgerNumbers(
                            ledger::openIntents,
                            ledger::storedRows,
                            ledger::lostRows,
                            ledger::unreadableFiles,
                            ledger::withoutIntent));
            dashboard = Overview.of(
                    settings, start, numbers, readiness, credentials, ledger, refusals, telemetry.clients());
            shutdown = new ExchangeShutdown(drain, exchanges);
            readiness.atTakeDown(shutdown);
            registration = GatewayMBeanServer.register(numbers, application.getContextPath());
            telemetry.metrics().showAsBeans(registration.application());
        } catch (RuntimeException | Error unusable) {
            // It has a folder and threads, and no caller has it yet.
            ledger.close();
            throw unusable;
        }
    }

    /** Puts the collaborators into the servlet context for filters and servlets, and starts the threads. */
    void start(ServletContext application) {
        // Before the first request: a node that is out of service must not report that it is ready.
        drain.lookForFile();
        offerSettings(application);
        Attributes.put(application, ClientDirectory.class, clients);
        Attributes.put(application, CredentialPool.class, credentials.pool());
        Attributes.put(application, ServedModels.class, models);
        Attributes.put(application, Readiness.class, readiness);
        Attributes.put(
                application,
                RequestObservers.class,
                new RequestObservers(observers(), observerThread, settings.log().isVerbose()));
        Attributes.put(application, Metrics.class, telemetry.metrics());
        Attributes.put(application, ClientTelemetry.class, telemetry.clients());
        Attributes.put(application, GatewayMXBean.class, numbers);
        Attributes.put(application, TokenThrottle.class, throttle);
        Attributes.put(application, Ledger.class, ledger);
        Attributes.put(application, Dashboard.class, dashboard);
        Attributes.put(application, ChunkedReads.class, chunkedReads);
        Attributes.put(application, ManagedCredentials.class, credentials.managed());
        Attributes.put(
                application,
                ProxyContext.class,
                new ProxyContext(
                        settings.proxy(),
                        settings.upstream(),
                        settings.clients(),
                        client,
                        clientThreads,
                        memory,
                        segments,
                        exchanges,
                        checkup,
                        shares,
                        new Gates(gates(application), System::nanoTime),
                        usage,
                        Tracing.ofServer(settings.upstream().url(), InstantSource.system()),
                        System::nanoTime));
        if (!credentials.pool().isEmpty()) {
            clients.workspaceWarning().ifPresent(LOG::warn);
        }
        client.start();
        credentials.start();
        telemetry.start();
        ledger.start();
        observerThread.start();
        startTasks();
        // Last: other applications may use the same logger, and a start that fails must not leave its level changed.
        quiet = settings.log().level() == LogSettings.Level.QUIET ? new QuietLog() : null;
    }

    private void startTasks() {
        var timer = schedule.timer();
        timer.every(Schedule.sweepMillis(settings.proxy()), this::tick);
        timer.every(TRIM_MILLIS, segments::trim);
        timer.every(THROTTLE_MILLIS, throttle::tick);
        timer.every(THROTTLE_MILLIS, ledger::tick);
        timer.every(CREDENTIALS_MILLIS, credentials::tick);
        schedule.files().every(FILES_MILLIS, files::poll);
        schedule.files().every(DRAIN_FILE_MILLIS, drain::lookForFile);
        refreshModels();
        database.ifPresent(check -> schedule.database().nowAndEvery(DATABASE_MILLIS, check::ask));
    }

    private void offerSettings(ServletContext application) {
        Attributes.put(application, ClientSettings.class, settings.clients());
        Attributes.put(application, PassthroughSettings.class, settings.passthrough());
        Attributes.put(application, Routing.class, new Routing(settings.openAi().enabled()));
        Attributes.put(
                application,
                EventLimit.class,
                new EventLimit(settings.proxy().limits().event()));
        Attributes.put(application, PromptSettings.class, settings.prompt());
        Attributes.put(application, ModelSettings.class, settings.models());
        Attributes.put(application, AdminSettings.class, settings.admin());
        Attributes.put(application, MetricsSettings.class, settings.metrics());
    }

    /**
     * Refuses new requests, waits up to 5 s for threads inside the filters, ends open exchanges with an error event and waits
     * up to 5 s until each has ended; only then are connections and threads closed. An operator who wants streams to end by
     * themselves drains first.
     */
    @Override
    public void close() {
        try {
            readiness.takeDown();
            // Ends the exchanges of threads that did not leave the filters in time.
            shutdown.run();
        } finally {
            // Must run even if the above fails: Open Liberty can load no class of a WAR that is deleted at the same
            // time.
            closeAll();
        }
    }

    /** All observers of requests, in the order in which they are called; an observer is added here. */
    private List<RequestObserver> observers() {
        var observers = new ArrayList<RequestObserver>(
                List.of(new AccessLog(settings.log().format()), ledger, refusals));
        observers.addAll(telemetry.observers());
        // The last: when a request is counted, its line is in the log and the other numbers include it.
        observers.add(counts);
        return observers;
    }

    /** All gates, in the order in which they are asked; a gate is added here. */
    private List<Gate> gates(ServletContext application) {
        var gates = new ArrayList<Gate>(List.of(new ModelPolicyGate(), new CredentialGate()));
        Attributes.find(application, AdditionalGates.class).ifPresent(added -> gates.addAll(added.gates()));
        // The last: what it notes is going to be sent.
        ledger.gate().ifPresent(gates::add);
        return gates;
    }

    private void closeAll() {
        throttle.close();
        clientThreads.close();
        chunkedReads.close();
        observerThread.close();
        ledger.close();
        schedule.close();
        client.close();
        credentials.close();
        registration.close();
        telemetry.close();
        clientThreadFactory.awaitEnd(THREAD_END_MILLIS);
        upstreamThreads.awaitEnd(THREAD_END_MILLIS);
        ledgerThreads.awaitEnd(THREAD_END_MILLIS);
        schedule.awaitEnd();
        restoreLog();
    }

    private void restoreLog() {
        var changed = quiet;
        if (changed != null) {
            changed.close();
            quiet = null;
        }
    }

    /** Runs on the thread for files: a large list of models would delay the timer's frequent tasks. */
    private void refreshModels() {
        if (settings.openAi().enabled() && !credentials.pool().isEmpty()) {
            var refresh = new ModelListRefresh(
                    models::update, credentials.pool(), settings.upstream(), client, System::nanoTime);
            schedule.files().nowAndEvery(MODELS_MILLIS, refresh::tick);
        }
    }

    private void tick() {
        exchanges.sweep();
        client.tidy();
        checkup.tick();
        drain.lookAtClock();
    }
}
