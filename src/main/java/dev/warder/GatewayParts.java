package dev.warder;

import dev.warder.admin.GatewayMBeanServer;
import dev.warder.admin.GatewayMXBean;
import dev.warder.admin.TokenThrottle;
import dev.warder.auth.ClientDirectory;
import dev.warder.body.MemoryBudget;
import dev.warder.body.SegmentPool;
import dev.warder.config.FileWatch;
import dev.warder.container.ChunkedReads;
import dev.warder.container.ClientThreads;
import dev.warder.container.Container;
import dev.warder.credential.CredentialCheckup;
import dev.warder.dashboard.Dashboard;
import dev.warder.dashboard.RecentRefusals;
import dev.warder.health.DatabaseCheck;
import dev.warder.http.Readiness;
import dev.warder.ledger.Ledger;
import dev.warder.metrics.LedgerNumbers;
import dev.warder.openai.ServedModels;
import dev.warder.proxy.ClientShares;
import dev.warder.proxy.Drain;
import dev.warder.proxy.Exchanges;
import dev.warder.record.ObserverThread;
import dev.warder.record.RequestCounts;
import dev.warder.settings.GatewaySettings;
import dev.warder.upstream.UpstreamClient;
import dev.warder.usage.TryIds;
import dev.warder.usage.UsageRecorder;
import jakarta.servlet.ServletContext;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * What the application consists of, created in one place. Nothing runs before {@link Gateway#start}; {@link Gateway} also closes
 * what has to be closed.
 */
final class GatewayParts {
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
    final ClientDirectory clients;
    final Optional<DatabaseCheck> database;
    final Credentials credentials;
    final Ledger ledger;
    final CredentialCheckup checkup;
    final ServedModels models;
    final Readiness readiness;
    final Drain drain;
    final ExchangeShutdown exchangeShutdown;
    final Schedule schedule = new Schedule();
    final GatewayMXBean numbers;
    final Telemetry telemetry;
    final GatewayMBeanServer registration;
    final RequestCounts counts = new RequestCounts();
    final ObserverThread observerThread = new ObserverThread(new NamedThreads("observer"));
    final UsageRecorder usage;
    final TokenThrottle throttle = new TokenThrottle(System::nanoTime);
    final RecentRefusals refusals = new RecentRefusals(InstantSource.system());
    final Dashboard dashboard;

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
                            ledger::unforcedFiles,
                            ledger::withoutIntent));
            dashboard = Overview.of(
                    settings, start, numbers, readiness, credentials, ledger, refusals, telemetry.clients());
            exchangeShutdown = new ExchangeShutdown(drain, exchanges);
            readiness.atTakeDown(exchangeShutdown);
            registration = GatewayMBeanServer.register(numbers, application.getContextPath());
            telemetry.metrics().showAsBeans(registration.application());
        } catch (RuntimeException | Error unusable) {
            // It has a folder and threads, and no caller has it yet.
            ledger.close();
            throw unusable;
        }
    }
}
