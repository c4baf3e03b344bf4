package dev.warder;

import dev.warder.admin.AdminSettings;
import dev.warder.admin.DatabaseCheck;
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
import dev.warder.credential.PassthroughSettings;
import dev.warder.gate.AdditionalGates;
import dev.warder.gate.CredentialGate;
import dev.warder.gate.Gate;
import dev.warder.gate.Gates;
import dev.warder.gate.ModelPolicyGate;
import dev.warder.http.Attributes;
import dev.warder.http.Readiness;
import dev.warder.http.Routing;
import dev.warder.models.ModelLearning;
import dev.warder.models.ModelSettings;
import dev.warder.oauth.OAuthSettings;
import dev.warder.openai.ServedModels;
import dev.warder.prompt.PromptSettings;
import dev.warder.proxy.ClientShares;
import dev.warder.proxy.Drain;
import dev.warder.proxy.Exchanges;
import dev.warder.proxy.ProxyContext;
import dev.warder.record.AccessLog;
import dev.warder.record.RequestCounts;
import dev.warder.record.RequestObservers;
import dev.warder.settings.GatewaySettings;
import dev.warder.translation.EventLimit;
import dev.warder.upstream.UpstreamClient;
import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
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

    /** Longer than the others, because a JDBC driver cannot be interrupted while it connects. */
    private static final long DATABASE_END_MILLIS = 4000;

    private static final long LAST_WORDS_MILLIS = 4000;

    /**
     * A client that receives its response in the middle of its upload gets this time: an immediate reset would lose the
     * response.
     */
    private static final long LISTEN_MILLIS = 1000;

    private static final long BREAK_OFF_MILLIS = 1000;

    private final NamedThreads upstreamThreads = new NamedThreads("upstream");
    private final NamedThreads clientThreads = new NamedThreads("client");
    private final NamedThreads timerThreads = new NamedThreads("timer");
    private final NamedThreads fileThreads = new NamedThreads("files");
    private final NamedThreads databaseThreads = new NamedThreads("database");
    private final GatewaySettings settings;
    private final FileWatch files;
    private final Exchanges exchanges;
    private final MemoryBudget memory;
    private final ClientShares shares;
    private final SegmentPool segments;
    private final UpstreamClient client;
    private final ClientThreads talkers;
    private final ChunkedReads chunkedReads;
    private final ClientDirectory clients;
    private final Optional<DatabaseCheck> database;
    private final Credentials credentials;
    private final CredentialCheckup checkup;
    private final ServedModels models;
    private final Readiness readiness;
    private final Drain drain;
    private final PeriodicTasks timer;
    private final PeriodicTasks fileReader;
    private final PeriodicTasks databaseAsker;
    private final GatewayMXBean numbers;
    private final GatewayMBeanServer registration;
    private final RequestCounts counts = new RequestCounts();
    private final TokenThrottle throttle = new TokenThrottle(System::nanoTime);

    /**
     * @param files the files that the configuration has begun to watch
     * @param dataSource the operator's database, if one is bound
     * @param application the deployed application
     */
    Gateway(GatewaySettings settings, FileWatch files, Optional<DataSource> dataSource, ServletContext application) {
        this.settings = settings;
        this.files = files;
        clients = ClientDirectory.of(settings.clients(), files, InstantSource.system());
        database = dataSource.map(source -> new DatabaseCheck(source::getConnection, System::nanoTime));
        credentials = new Credentials(settings, dataSource);
        models = new ServedModels(settings.openAi(), settings.models());
        readiness = new Readiness(missingClients(settings), missingCredential(settings), checks());
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
        talkers = ClientThreads.of(container, limits.streams(), clientThreads);
        chunkedReads = new ChunkedReads(container, clientThreads);
        timer = new PeriodicTasks(timerThreads);
        fileReader = new PeriodicTasks(fileThreads);
        databaseAsker = new PeriodicTasks(databaseThreads);
        numbers = new GatewayNumbers(exchanges, client, memory, talkers, readiness, drain, counts);
        readiness.atTakeDown(this::endExchanges);
        registration = GatewayMBeanServer.register(numbers, application.getContextPath());
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
        Attributes.put(application, RequestObservers.class, new RequestObservers(List.of(new AccessLog(), counts)));
        Attributes.put(application, GatewayMXBean.class, numbers);
        Attributes.put(application, TokenThrottle.class, throttle);
        Attributes.put(application, ChunkedReads.class, chunkedReads);
        Attributes.put(
                application,
                ManagedCredentials.class,
                new ManagedCredentials(
                        credentials.pool()::states,
                        credentials.controls(),
                        settings.oauth().flatMap(OAuthSettings::authorizeUrl)));
        Attributes.put(
                application,
                ProxyContext.class,
                new ProxyContext(
                        settings.proxy(),
                        settings.upstream(),
                        settings.clients(),
                        client,
                        talkers,
                        memory,
                        segments,
                        exchanges,
                        checkup,
                        shares,
                        new Gates(gates(application), System::nanoTime),
                        System::nanoTime));
        if (!credentials.pool().isEmpty()) {
            clients.workspaceWarning().ifPresent(LOG::warn);
        }
        client.start();
        credentials.start();
        timer.every(sweepMillis(), this::tick);
        timer.every(TRIM_MILLIS, segments::trim);
        timer.every(THROTTLE_MILLIS, throttle::tick);
        timer.every(CREDENTIALS_MILLIS, credentials::tick);
        fileReader.every(FILES_MILLIS, files::poll);
        fileReader.every(DRAIN_FILE_MILLIS, drain::lookForFile);
        learnModels();
        database.ifPresent(check -> databaseAsker.nowAndEvery(DATABASE_MILLIS, check::ask));
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
            endExchanges();
        } finally {
            // Must run even if the above fails: Open Liberty can load no class of a WAR that is deleted at the same
            // time.
            closeAll();
        }
    }

    /** All gates, in the order in which they are asked; a gate is added here. */
    private static List<Gate> gates(ServletContext application) {
        var gates = new ArrayList<Gate>(List.of(new ModelPolicyGate(), new CredentialGate()));
        Attributes.find(application, AdditionalGates.class).ifPresent(added -> gates.addAll(added.gates()));
        return gates;
    }

    private void closeAll() {
        throttle.close();
        talkers.close();
        chunkedReads.close();
        timer.close();
        fileReader.close();
        databaseAsker.close();
        client.close();
        credentials.close();
        registration.close();
        for (var threads : List.of(clientThreads, timerThreads, fileThreads, upstreamThreads)) {
            threads.awaitEnd(THREAD_END_MILLIS);
        }
        databaseThreads.awaitEnd(DATABASE_END_MILLIS);
    }

    /**
     * Ends the open exchanges. It runs while requests can still be dispatched to the servlets, since aborting a response needs
     * that.
     */
    private void endExchanges() {
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

    /** Runs on the thread for files: a large list of models would delay the timer's frequent tasks. */
    private void learnModels() {
        if (settings.openAi().enabled() && !credentials.pool().isEmpty()) {
            var learning =
                    new ModelLearning(models::learn, credentials.pool(), settings.upstream(), client, System::nanoTime);
            fileReader.nowAndEvery(MODELS_MILLIS, learning::tick);
        }
    }

    private void tick() {
        exchanges.sweep();
        client.tidy();
        checkup.tick();
        drain.lookAtClock();
    }

    /** A quarter of the shortest configured time, in milliseconds; between 20 ms and 250 ms. */
    private long sweepMillis() {
        var times = settings.proxy().timeouts();
        var keepAlive = settings.proxy().keepAlive();
        long shortest = Stream.of(
                        times.idle(),
                        times.clientRead(),
                        times.clientWrite(),
                        times.drain(),
                        times.firstByte(true),
                        settings.proxy().limits().memoryWait(),
                        keepAlive.isZero() ? times.idle() : keepAlive)
                .mapToLong(Duration::toMillis)
                .min()
                .orElseThrow();
        return Math.max(20, Math.min(250, shortest / 4));
    }

    private List<Readiness.Check> checks() {
        return database.map(check -> new Readiness.Check("database", check::cause, this::needsDatabase)).stream()
                .toList();
    }

    /** Whether no request can be served without the database, because it keeps the only login. */
    private boolean needsDatabase() {
        return settings.keepsLoginInDatabase()
                && !settings.passthrough().allowed()
                && !credentials.usableWithoutStore();
    }

    private static Optional<String> missingClients(GatewaySettings settings) {
        return settings.clients().configured()
                ? Optional.empty()
                : Optional.of("clients.token or clients.file is not set");
    }

    private static Optional<String> missingCredential(GatewaySettings settings) {
        boolean none = settings.managed().credentials().isEmpty()
                && !settings.passthrough().allowed();
        return none ? Optional.of("upstream.credentials is not set, and passthrough is off") : Optional.empty();
    }
}
