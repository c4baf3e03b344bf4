package dev.warder.standalone;

import dev.warder.auth.AccessToken;
import dev.warder.cli.Command;
import dev.warder.cli.CommandLine;
import dev.warder.cli.Console;
import dev.warder.cli.Entries;
import dev.warder.cli.OneShots;
import dev.warder.cli.UsageException;
import dev.warder.cli.WebXml;
import dev.warder.demo.DemoUpstream;
import dev.warder.record.LogSettings;
import dev.warder.settings.GatewaySettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Logger;

/** The standalone form; {@code launch.Main} starts it. One thread at a time. */
public final class Standalone {
    private static final Logger LOG = Logger.getLogger(Standalone.class.getName());
    private static final int UNUSABLE = 2;
    private static final Duration DEMO_GAP = Duration.ofMillis(40);

    private final Console console;
    private final Path webapp;
    private final Consumer<Runnable> beforeExit;
    private final SecureRandom random = new SecureRandom();

    Standalone(Console console, Path webapp, Consumer<Runnable> beforeExit) {
        this.console = console;
        this.webapp = webapp;
        this.beforeExit = beforeExit;
    }

    /**
     * Runs the command line. Returns when the server has started. Ends the virtual machine with exit code 2, after one line for
     * each problem that the caller can fix, or with 1 for a credential that is not usable.
     *
     * @param webapp the unpacked WAR; the folder around it may be used, and is deleted when the virtual machine ends
     * @param beforeExit receives the task to run before the virtual machine ends
     * @throws Exception for a fault of the program
     */
    public static void main(Path webapp, Consumer<Runnable> beforeExit, String[] arguments) throws Exception {
        LogSetup.apply();
        int exitCode = new Standalone(Console.system(), webapp, beforeExit).run(arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    int run(String... arguments) throws Exception {
        try {
            Command command = CommandLine.parse(arguments);
            if (command instanceof Command.OneShot oneShot) {
                return new OneShots(console, webapp, random).run(oneShot);
            }
            if (command instanceof Command.CopyDatabase copy) {
                return new CopyCommand(console).run(copy);
            }
            serve((Command.Serve) command);
            return 0;
        } catch (UsageException problem) {
            return refuse(problem.problems());
        }
    }

    private int refuse(List<String> problems) {
        problems.forEach(problem -> console.err().println("warder: " + problem));
        return UNUSABLE;
    }

    private void serve(Command.Serve serve) throws Exception {
        var entries = new Entries(serve.settings(), WebXml.read(webapp));
        Optional<DemoUpstream> demo = serve.demo() ? Optional.of(startDemo(entries)) : Optional.empty();
        GatewaySettings settings = entries.check(console.environment());
        Optional<String> token = settings.clients().configured() ? Optional.empty() : Optional.of(newToken());
        if (token.isPresent()) {
            entries.useToken(token.get());
            settings = entries.check(console.environment());
        }
        requireStore(settings);
        if (settings.log().format() == LogSettings.Format.JSON) {
            LogSetup.useJson();
        }
        var data = NodeData.open(settings.database(), serve.demo());
        try {
            serve(serve, settings, entries, token, demo, data);
        } catch (Exception refused) {
            data.close();
            throw refused;
        }
    }

    private void serve(
            Command.Serve serve,
            GatewaySettings settings,
            Entries entries,
            Optional<String> token,
            Optional<DemoUpstream> demo,
            NodeData data)
            throws Exception {
        var limits = ConnectionLimits.ofThisMachine();
        compare(limits, settings.proxy().limits().streams());
        var timeouts = settings.proxy().timeouts();
        var server = new WebServer(serve, webapp, entries.all(), timeouts.clientWrite(), limits);
        data.database().ifPresent(server::useDatabase);
        server.open();
        serve.notes().forEach(note -> LOG.info(note));
        server.start();
        beforeExit.accept(new Ending(timeouts.drain(), server, demo, data));
        console.out().print(Greeting.text(base(serve, server.port()), settings, serve.demo(), token));
        console.out().flush();
        data.serving();
        SpareMemory.giveBack();
    }

    private String newToken() {
        return AccessToken.generate(random).reveal();
    }

    private static void compare(ConnectionLimits limits, int streams) {
        if (limits.connections() < streams) {
            LOG.warning("limits.streams: cannot be reached; heap and open files suffice for " + limits.connections()
                    + " connections (-Xmx, ulimit -n)");
        }
    }

    /** Reported like every other mistake, before anything starts. */
    private static void requireStore(GatewaySettings settings) throws UsageException {
        var database = settings.database();
        if (settings.keepsLoginInDatabase()
                && database.url().isEmpty()
                && database.folder().isEmpty()) {
            throw new UsageException(
                    "oauth.store: jdbc keeps the login in a database; set data.dir or database.url, or use file:PATH");
        }
    }

    private DemoUpstream startDemo(Entries entries) throws Exception {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String key = "demo_" + HexFormat.of().formatHex(bytes);
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
}
