package dev.warder.standalone;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import dev.warder.GatewaySettings;
import dev.warder.admin.GatewayMXBean;
import dev.warder.auth.AccessToken;
import dev.warder.cli.Command;
import dev.warder.cli.CommandLine;
import dev.warder.cli.CommandLine.UsageException;
import dev.warder.cli.Console;
import dev.warder.cli.Entries;
import dev.warder.cli.OneShots;
import dev.warder.cli.WebXml;
import dev.warder.config.Setting;
import dev.warder.database.DatabaseSettings;
import dev.warder.record.LogSettings;
import dev.warder.standalone.DatabaseCopy.CopyException;
import dev.warder.standalone.OpenConnections.ConnectionLimits;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** The standalone form; {@code launch.Main} starts it. One thread at a time. */
public final class Standalone {
    private static final Logger LOG = Logger.getLogger(Standalone.class.getName());
    private static final int UNUSABLE = 2;
    private static final Duration DEMO_GAP = Duration.ofMillis(40);

    private final Console console;
    private final Path webapp;
    private final Path folder;
    private final Consumer<Runnable> beforeExit;
    private final SecureRandom random = new SecureRandom();

    Standalone(Console console, Path webapp, Path folder, Consumer<Runnable> beforeExit) {
        this.console = console;
        this.webapp = webapp;
        this.folder = folder;
        this.beforeExit = beforeExit;
    }

    /**
     * Runs the command line. Returns when the server has started. Ends the virtual machine with exit code 2, after one line for
     * each problem that the caller can fix, or with 1 for a credential that is not usable.
     *
     * @param webapp the unpacked WAR
     * @param folder for temporary files; it is deleted when the virtual machine ends
     * @param beforeExit receives the task to run before the virtual machine ends
     * @throws Exception for a fault of the program
     */
    public static void main(Path webapp, Path folder, Consumer<Runnable> beforeExit, String[] arguments)
            throws Exception {
        LogSetup.apply();
        int exitCode = new Standalone(Console.system(), webapp, folder, beforeExit).run(arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    int run(String... arguments) throws Exception {
        try {
            var asked = CommandLine.parse(arguments);
            if (asked.command() instanceof Command.OneShot) {
                return new OneShots(console, webapp, random).run(asked);
            }
            if (asked.command() instanceof Command.CopyDatabase) {
                return new CopyCommand(console).run(asked.settings());
            }
            serve((Command.Serve) asked.command(), asked);
            return 0;
        } catch (UsageException problem) {
            return refuse(problem.problems());
        }
    }

    private int refuse(List<String> problems) {
        problems.forEach(problem -> console.err().println("warder: " + problem));
        return UNUSABLE;
    }

    private void serve(Command.Serve serve, CommandLine.Asked asked) throws Exception {
        var webXml = WebXml.read(webapp);
        var entries = new Entries(asked.settings(), webXml);
        Optional<DemoUpstream> demo = serve.demo() ? Optional.of(startDemo(entries)) : Optional.empty();
        GatewaySettings settings = entries.check(console.environment());
        Optional<String> token = settings.clients().configured() ? Optional.empty() : Optional.of(newSecret());
        token.ifPresent(entries::useToken);
        requireStore(settings);
        if (serve.demo() && settings.database().isUnset()) {
            entries.useMemory();
        }
        if (settings.log().format() == LogSettings.Format.JSON) {
            LogSetup.useJson();
        }
        if (serve.warm()) {
            WarmUp.run(webapp, webXml, folder, random);
        }
        var data = NodeData.open(settings.database(), serve.demo());
        try {
            var limits = ConnectionLimits.ofThisMachine();
            compare(limits, settings.proxy().limits().streams());
            var timeouts = settings.proxy().timeouts();
            var server =
                    new WebServer(serve, webapp, folder.resolve("work"), entries.all(), timeouts.clientWrite(), limits);
            data.database().ifPresent(server::useDatabase);
            server.open();
            asked.notes().forEach(note -> LOG.info(note));
            server.start();
            beforeExit.accept(new Ending(timeouts.drain(), server, demo, data));
            console.out().print(Greeting.text(base(serve, server.port()), settings, serve.demo(), token));
            console.out().flush();
            data.serving();
            SpareMemory.giveBack();
        } catch (Exception refused) {
            data.close();
            throw refused;
        }
    }

    private String newSecret() {
        return AccessToken.generate(random).reveal();
    }

    private static void compare(ConnectionLimits limits, int streams) {
        if (limits.connections() < streams) {
            LOG.warning("limits.streams: cannot be reached; heap and open files suffice for " + limits.connections()
                    + " connections (-Xmx, ulimit -n)");
        }
    }

    private static void requireStore(GatewaySettings settings) throws UsageException {
        if (settings.keepsLoginInDatabase() && settings.database().isUnset()) {
            throw new UsageException(
                    "oauth.store: jdbc keeps the login in a database; set data.dir or database.url, or use file:PATH");
        }
    }

    private DemoUpstream startDemo(Entries entries) throws Exception {
        String key = "demo_" + newSecret();
        var demo = new DemoUpstream(key, random, DEMO_GAP);
        demo.start();
        entries.useDemo(demo.url(), key);
        return demo;
    }

    // A wildcard address is not one that a client can call.
    private static String base(Command.Serve serve, int port) {
        String host = serve.host();
        if (host.equals("0.0.0.0") || host.equals("::")) {
            host = "localhost";
        } else if (host.indexOf(':') >= 0 && !host.startsWith("[")) {
            host = "[" + host + "]";
        }
        return "http://" + host + ":" + port + (serve.context().equals("/") ? "" : serve.context());
    }

    /** The command {@code database copy}: from the embedded database of {@code data.dir} to that of {@code database.url}. */
    private record CopyCommand(Console console) {
        private static final String EMBEDDED = "warder.mv.db";
        private static final List<Setting> READ =
                List.of(Setting.DATA_DIR, Setting.DATABASE_URL, Setting.DATABASE_USER, Setting.DATABASE_PASSWORD);

        /**
         * Copies, and returns the exit code: 0, or 1 if nothing was copied.
         *
         * @throws UsageException with every problem that the caller can fix
         */
        int run(Map<String, String> given) throws UsageException {
            var settings = settings(given);
            try (var source = NodeData.open(
                            new DatabaseSettings(
                                    Optional.empty(), Optional.empty(), Optional.empty(), settings.folder()),
                            false);
                    var target = NodeData.open(
                            new DatabaseSettings(
                                    settings.url(), settings.user(), settings.password(), Optional.empty()),
                            false)) {
                var counts = new DatabaseCopy(
                                source.database().orElseThrow(),
                                target.database().orElseThrow())
                        .run();
                counts.forEach((table, count) -> {
                    if (count > 0) {
                        console.out().println(table + ": " + count + (count == 1 ? " row" : " rows"));
                    }
                });
                console.out().println("Copied. Start the gateways with database.url now.");
                return 0;
            } catch (CopyException failed) {
                console.err().println("warder: " + failed.getMessage());
                return 1;
            }
        }

        /**
         * Of the settings that were given only those of databases are read: the others may refer to secrets that are
         * elsewhere.
         */
        private DatabaseSettings settings(Map<String, String> given) throws UsageException {
            var read = new TreeMap<>(given);
            read.keySet().retainAll(READ.stream().map(Setting::publicName).toList());
            var settings = new Entries(read).check(console.environment()).database();
            if (settings.folder().isEmpty()
                    || settings.url()
                            .filter(url -> url.startsWith("jdbc:postgresql:"))
                            .isEmpty()) {
                throw new UsageException("database copy: data.dir and database.url (jdbc:postgresql:…) are required");
            }
            if (!Files.isRegularFile(settings.folder().get().resolve(EMBEDDED))) {
                throw new UsageException("data.dir: has no embedded database");
            }
            return settings;
        }
    }

    /** The end after SIGTERM: open exchanges end, then the server stops. */
    record Ending(Duration drain, WebServer server, Optional<DemoUpstream> demo, NodeData data) implements Runnable {
        // After the configured time the application itself ends what is still open. This is the additional time for
        // that.
        private static final Duration GRACE = Duration.ofSeconds(10);

        private static final long BETWEEN_LOOKS = Duration.ofMillis(50).toNanos();

        @Override
        public void run() {
            LOG.info("Draining: new requests are refused, open exchanges may finish");
            server.gateway().ifPresent(gateway -> drain(gateway, drain.plus(GRACE), System::nanoTime));
            try {
                server.stop();
                if (demo.isPresent()) {
                    demo.get().stop();
                }
                data.close();
                LOG.info("Stopped");
            } catch (Exception failed) {
                LOG.log(Level.WARNING, "The server did not stop cleanly", failed);
            }
        }

        /** Lets the application refuse new requests, and waits until no exchange is open, but no longer than this. */
        static void drain(GatewayMXBean gateway, Duration atMost, LongSupplier nanoTime) {
            gateway.drain();
            long start = nanoTime.getAsLong();
            while (gateway.getOpenExchanges() > 0
                    && nanoTime.getAsLong() - start < atMost.toNanos()
                    && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(BETWEEN_LOOKS);
            }
        }
    }

    /**
     * Sets up the logs of the standalone form: one line for each record on stderr, unless the operator configured
     * java.util.logging.
     */
    static final class LogSetup {
        /**
         * Jetty's detailed logs contain fields and content, credentials included. A constant, because the framework keeps
         * loggers only as long as they are referenced.
         */
        private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

        private LogSetup() {}

        static void apply() {
            configure();
            if (JETTY.getLevel() == null || JETTY.getLevel().intValue() < Level.INFO.intValue()) {
                JETTY.setLevel(Level.INFO);
            }
            // Creates the handlers now: the JDK creates none after the virtual machine has begun to stop.
            Logger.getLogger("").getHandlers();
            OutOfMemory.endsTheProcess();
        }

        /** From now on each line is a JSON object, unless the operator configured java.util.logging. */
        static void useJson() {
            for (var handler : Logger.getLogger("").getHandlers()) {
                if (handler.getFormatter() instanceof LineFormatter) {
                    handler.setFormatter(new JsonFormatter());
                }
            }
        }

        private static void configure() {
            if (System.getProperty("java.util.logging.config.file") != null
                    || System.getProperty("java.util.logging.config.class") != null) {
                return;
            }
            try (InputStream format = LogSetup.class.getResourceAsStream("logging.properties")) {
                LogManager.getLogManager().readConfiguration(Objects.requireNonNull(format));
            } catch (IOException broken) {
                throw new IllegalStateException("the log format that came with this program cannot be read", broken);
            }
            // Set here, because the JDK looks for formatters only in the class path.
            for (var handler : Logger.getLogger("").getHandlers()) {
                handler.setFormatter(new LineFormatter());
            }
        }
    }

    /**
     * Makes the virtual machine return unused memory to the system. A manifest cannot contain flags, but some can be set at
     * run time. Flags that the operator has set stay. Only for G1, the default collector: others keep the size of their
     * heap, or collect more often when it shrinks. One thread at a time.
     */
    static final class SpareMemory {
        private static final String PERIOD = "G1PeriodicGCInterval";

        /** G1 returns memory when it collects. It does so, concurrently, at least once in this time. */
        private static final String PERIOD_MILLIS = "60000";

        private SpareMemory() {}

        /** To be called once, after the start: by then most memory that the start needed is garbage. */
        static void giveBack() {
            var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            try {
                if (machine != null && machine.getVMOption("UseG1GC").getValue().equals("true")) {
                    var period = machine.getVMOption(PERIOD);
                    if (period.isWriteable() && period.getOrigin() == VMOption.Origin.DEFAULT) {
                        machine.setVMOption(PERIOD, PERIOD_MILLIS);
                    }
                    System.gc();
                }
            } catch (IllegalArgumentException unknown) {
                // Another virtual machine, or a later version.
            }
        }
    }
}
