package dev.warder.standalone;

import dev.warder.admin.GatewayMXBean;
import dev.warder.cli.Command;
import dev.warder.cli.CommandLine.UsageException;
import dev.warder.http.Attributes;
import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.RequestId;
import dev.warder.standalone.OpenConnections.ConnectionLimits;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.eclipse.jetty.ee10.plus.webapp.EnvConfiguration;
import org.eclipse.jetty.ee10.plus.webapp.PlusConfiguration;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.webapp.Configuration;
import org.eclipse.jetty.ee10.webapp.WebAppConfiguration;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.ee10.webapp.WebInfConfiguration;
import org.eclipse.jetty.ee10.webapp.WebXmlConfiguration;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.plus.jndi.EnvEntry;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** The embedded Jetty with the unpacked WAR as its only application. One thread at a time. */
final class WebServer {
    private static final int HEAD_LIMIT = 32 * 1024;
    private static final int RESPONSE_HEAD_LIMIT = 16 * 1024;

    /** The initial size. The buffer is held until the response has ended. */
    private static final int HEAD_BUFFER = 4 * 1024;

    /** The largest piece that is passed to a socket at once. No buffer of this size is held: output is not aggregated. */
    private static final int OUTPUT_PIECE = 72 * 1024;

    /** Twice Jetty's default, because bodies are large. Not larger, because the buffer is held until the response has ended. */
    private static final int INPUT_BUFFER = 16 * 1024;

    /** After a node has restarted, thousands of clients reconnect at once; the kernel has its own limit. */
    private static final int ACCEPT_QUEUE = 4096;

    private static final int LEAST_THREADS = 8;
    private static final int MOST_THREADS = 64;
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration SWEEP = Duration.ofSeconds(1);

    private final Server server;
    private final SelectingExecutor executor;
    private final ServerConnector connector;
    private final WebAppContext application;
    private final OpenConnections connections;

    /**
     * Creates a server; nothing starts yet.
     *
     * @param webapp the unpacked WAR
     * @param work the folder that receives Jetty's temporary files
     * @param entries names below {@code java:comp/env/} with their values
     * @param clientWrite how long the application waits for a slow client; Jetty waits longer, so that the application's
     *     timeout always comes first
     * @param limits limits for connections without a complete request
     */
    WebServer(
            Command.Serve serve,
            Path webapp,
            Path work,
            Map<String, String> entries,
            Duration clientWrite,
            ConnectionLimits limits) {
        this.server = new Server(threads());
        int selectors = Runtime.getRuntime().availableProcessors();
        this.executor = new SelectingExecutor(server.getThreadPool());
        this.connections = new OpenConnections(limits, System::nanoTime);
        var factory = GuardedConnection.factory(http(), connections);
        factory.setInputBufferSize(INPUT_BUFFER);
        this.connector = new ServerConnector(server, executor, null, null, 0, selectors, factory);
        connector.setHost(serve.host());
        connector.setPort(serve.port());
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        Duration idle = clientWrite.plusMinutes(1);
        connector.setIdleTimeout((idle.compareTo(IDLE) > 0 ? idle : IDLE).toMillis());
        server.addConnector(connector);
        this.application = application(serve.context(), webapp, work, executor);
        entries.forEach(this::bind);
        application.setErrorHandler(new JsonErrors());
        server.setErrorHandler(new JsonErrors());
        server.setDynamic(false);
        server.setHandler(application);
    }

    private static QueuedThreadPool threads() {
        var threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
        threads.setName("http");
        return threads;
    }

    private static HttpConfiguration http() {
        var http = new HttpConfiguration();
        http.setRequestHeaderSize(HEAD_LIMIT);
        http.setResponseHeaderSize(HEAD_BUFFER);
        http.setMaxResponseHeaderSize(RESPONSE_HEAD_LIMIT);
        http.setOutputBufferSize(OUTPUT_PIECE);
        http.setOutputAggregationSize(0);
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setSendDateHeader(true);
        http.setHttpCompliance(HttpCompliance.STRICT);
        http.setUriCompliance(UriCompliance.DEFAULT);
        return http;
    }

    private static WebAppContext application(String context, Path webapp, Path work, SelectingExecutor executor) {
        var application = new NonBlockingContext(context, executor);
        application.setWar(webapp.toString());
        application.setExtractWAR(false);
        // The loader of this class has the application's classes too, each of which is then loaded once.
        application.setParentLoaderPriority(true);
        application.setConfigurations(new Configuration[] {
            new WebAppConfiguration(),
            new WebInfConfiguration(),
            new WebXmlConfiguration(),
            new EnvConfiguration(),
            new PlusConfiguration()
        });
        application.setInitParameter("org.eclipse.jetty.servlet.Default.dirAllowed", "false");
        application.setTempDirectory(work.toFile());
        return application;
    }

    private void bind(String name, Object value) {
        try {
            new EnvEntry(application, name, value, true);
        } catch (NamingException impossible) {
            throw new IllegalStateException("Jetty's own naming refused an entry", impossible);
        }
    }

    void useDatabase(DataSource database) {
        bind("jdbc/warder", database);
    }

    /**
     * Opens the port. From then on, connections wait for {@link #start()}.
     *
     * @throws UsageException when the port cannot be opened
     */
    void open() throws UsageException {
        try {
            connector.open();
        } catch (IOException | RuntimeException refused) {
            throw new UsageException(problem(connector.getHost(), connector.getPort(), refused));
        }
    }

    private static String problem(String host, int port, Throwable refused) {
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                String reason = String.valueOf(cause.getMessage());
                if (reason.contains("in use")) {
                    return "--port: " + port + " is in use on " + host + "; choose another, or --port=0 for a free one";
                }
                return reason.contains("ssign")
                        ? "--host: " + host + " is not an address of this machine"
                        : "--port: " + port + " may not be opened on " + host;
            }
            if (cause instanceof UnresolvedAddressException) {
                return "--host: " + host + " cannot be resolved";
            }
        }
        return "--port: " + port + " cannot be opened on " + host;
    }

    /**
     * Starts the application.
     *
     * @throws UsageException when the application did not start; it has logged the reason
     */
    void start() throws Exception {
        server.start();
        executor.use(connector);
        sweepLater();
        if (!application.isAvailable()) {
            throw new UsageException("the application could not be started; the reasons are logged above");
        }
    }

    private void sweepLater() {
        server.getScheduler().schedule(this::sweep, SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        try {
            connections.sweep();
        } finally {
            if (server.isRunning()) {
                sweepLater();
            }
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    /** The application, empty if it has none of its own. */
    Optional<GatewayMXBean> gateway() {
        return Attributes.find(application.getServletContext(), GatewayMXBean.class);
    }

    void stop() throws Exception {
        server.stop();
    }

    /**
     * Writes Jetty's own refusals in the API's error format: a malformed request head, a head that is too long, a path outside the
     * application. A response contains nothing of the request and nothing of the cause. Jetty registers the error page of {@code
     * web.xml} only with a handler of this type, which never shows that page. Thread-safe.
     */
    private static final class JsonErrors extends ErrorPageErrorHandler {
        private static final RandomGenerator RANDOM = new SecureRandom();

        @Override
        public @Nullable ErrorPage getErrorPage(Integer status, Throwable cause) {
            return null;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            ErrorReply reply = reply(response.getStatus());
            String id = RequestId.next(RANDOM);
            byte[] body = Dialect.ANTHROPIC.body(reply, id);
            response.setStatus(reply.status());
            response.getHeaders()
                    .put(HttpHeader.CONTENT_TYPE, "application/json")
                    .put(HttpHeader.CONTENT_LENGTH, body.length)
                    .put(HttpHeader.CACHE_CONTROL, "no-store")
                    .put("request-id", id)
                    .put("X-Warder-Request-Id", id);
            reply.fields().forEach(field -> response.getHeaders().put(field.name(), field.value()));
            response.write(true, ByteBuffer.wrap(body), callback);
            return true;
        }

        static ErrorReply reply(int status) {
            return switch (status) {
                case 401 -> ErrorReply.unauthenticated("The request is not authenticated.");
                case 403 -> ErrorReply.forbidden("This is not permitted.");
                case 404 -> ErrorReply.notFound();
                case 405 -> invalid(status, "The method is not supported on this path.");
                case 408 -> invalid(status, "The request took too long to arrive.");
                case 413 -> ErrorReply.tooLarge("The request is too large.");
                case 414 -> invalid(status, "The request target is too long.");
                case 415 -> invalid(status, "The format of the request body is not supported.");
                case 431 -> invalid(status, "The request has more than 32 KiB or 100 header fields.");
                case 501 -> invalid(status, "Transfer-Encoding must be chunked.");
                case 503 -> ErrorReply.overloaded("The gateway is not available.", 1);
                default -> status >= 400 && status < 500 ? invalid(status, "The request is malformed.") : fault(status);
            };
        }

        private static ErrorReply invalid(int status, String message) {
            return new ErrorReply(status, ErrorType.INVALID_REQUEST, message, List.of());
        }

        private static ErrorReply fault(int status) {
            ErrorReply internal = ErrorReply.internal();
            return status < 500
                    ? internal
                    : new ErrorReply(status, internal.type(), internal.message(), internal.fields());
        }
    }

    /**
     * The application, declared to Jetty as one that never blocks. Jetty then calls filters, servlets and listeners on the
     * selector thread and wakes no other thread. Sessions are left out, because the application uses none.
     *
     * <p>If a client sends many requests at once, and each gets its response immediately (as refused requests do), Jetty
     * serves them in one turn of the selector thread, and all other connections wait. So one in 32 requests of a connection
     * waits for the next turn of a selector thread. Thread-safe.
     */
    static final class NonBlockingContext extends WebAppContext {
        private static final int REQUESTS_A_TURN = 32;

        private final SelectingExecutor executor;

        NonBlockingContext(String path, SelectingExecutor executor) {
            super(path, null, null, null, null, ServletContextHandler.SECURITY);
            this.executor = executor;
            // By the name of a class that the application knows on each container. This one alone has such an
            // attribute.
            setAttribute(Executor.class.getName(), (Executor) executor::select);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (request.getConnectionMetaData().getConnection().getMessagesIn() % REQUESTS_A_TURN != 0) {
                return super.handle(request, response, callback);
            }
            executor.select(() -> handleNow(request, response, callback));
            return true;
        }

        private void handleNow(Request request, Response response, Callback callback) {
            try {
                if (!super.handle(request, response, callback)) {
                    Response.writeError(request, response, callback, 404);
                }
            } catch (Throwable fault) {
                callback.failed(fault);
            }
        }
    }

    /**
     * Runs the next step of a connection on a selector thread, after one of the upstream's threads has completed a
     * response. Jetty alone would wake up a pooled thread for each response; that thread finds nothing to read and wakes up
     * the selector in turn. Selector threads are safe where the application never blocks. All other tasks run in the pool.
     * Thread-safe.
     */
    static final class SelectingExecutor implements Executor {
        private final Executor pool;
        private final AtomicInteger turn = new AtomicInteger();
        private volatile ManagedSelector[] selectors = {};

        SelectingExecutor(Executor pool) {
            this.pool = pool;
        }

        void use(ServerConnector connector) {
            selectors = connector
                    .getSelectorManager()
                    .getBeans(ManagedSelector.class)
                    .toArray(ManagedSelector[]::new);
        }

        @Override
        public void execute(Runnable task) {
            if (task instanceof Connection) {
                select(task);
            } else {
                pool.execute(task);
            }
        }

        /** Runs a task that never blocks on a selector thread, in that thread's next turn. */
        void select(Runnable task) {
            var all = selectors;
            if (all.length > 0) {
                all[Math.floorMod(turn.getAndIncrement(), all.length)].submit(selector -> task.run());
            } else {
                pool.execute(task);
            }
        }
    }
}
