package dev.warder.standalone;

import dev.warder.auth.AccessToken;
import dev.warder.cli.Command;
import dev.warder.cli.Entries;
import dev.warder.cli.WebXml;
import dev.warder.demo.DemoUpstream;
import dev.warder.standalone.OpenConnections.ConnectionLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Requests before the gateway starts, so that the virtual machine has loaded what each request runs, and has compiled most of it.
 * They go through a gateway of their own, with a credential that was made up, to the demonstration upstream on loopback; it ends
 * with them and all that it has counted, and its log lines are formatted and dropped. One thread at a time.
 */
final class WarmUp {
    private static final Logger LOG = Logger.getLogger(WarmUp.class.getName());
    private static final Duration LONGEST = Duration.ofSeconds(2);

    /** One request of so many asks for an event stream. */
    private static final int STREAMS = 4;

    /** Settings of the descriptor would count for this gateway too: its ledger, its telemetry. */
    private static final String DESCRIPTOR = "--warm: is left out, since web.xml has values; use options or a file";

    private final Path webapp;
    private final Path work;
    private final SecureRandom random;

    private WarmUp(Path webapp, Path work, SecureRandom random) {
        this.webapp = webapp;
        this.work = work;
        this.random = random;
    }

    /**
     * Sends requests for {@link #LONGEST}. Throws nothing: a gateway that cannot be warmed up starts cold.
     *
     * @param folder for temporary files
     */
    static void run(Path webapp, Path folder, SecureRandom random) {
        if (!WebXml.read(webapp).equals(WebXml.NONE)) {
            LOG.warning(DESCRIPTOR);
            return;
        }
        var log = new MutedLog();
        try {
            new WarmUp(webapp, folder.resolve("warm"), random).run();
        } catch (Exception failed) {
            log.close();
            LOG.log(Level.WARNING, "The gateway could not be warmed up", failed);
        } finally {
            log.close();
        }
    }

    private void run() throws Exception {
        String token = AccessToken.generate(random).reveal();
        String key = AccessToken.generate(random).reveal();
        var upstream = new DemoUpstream(key, random, Duration.ZERO);
        upstream.start();
        try {
            var entries = new Entries(Map.of("prompt.text", "Answer in English."));
            entries.useDemo(upstream.url(), key);
            entries.useToken(token);
            var serve = new Command.Serve("127.0.0.1", 0, "/", false, false, Map.of(), List.of());
            var server = new WebServer(
                    serve, webapp, work, entries.all(), Duration.ofMinutes(1), ConnectionLimits.ofThisMachine());
            server.open();
            server.start();
            try {
                send(new URL("http://127.0.0.1:" + server.port() + "/v1/messages"), token);
            } finally {
                server.stop();
            }
        } finally {
            upstream.stop();
        }
    }

    private static void send(URL messages, String token) throws IOException {
        long end = System.nanoTime() + LONGEST.toNanos();
        for (int i = 0; System.nanoTime() - end < 0; i++) {
            send(messages, token, i % STREAMS == 0);
        }
    }

    private static void send(URL messages, String token, boolean streams) throws IOException {
        String body = "{\"model\":\"claude-haiku-5-5\",\"max_tokens\":16,\"stream\":" + streams
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + "Warm up. ".repeat(200) + "\"}]}";
        var connection = (HttpURLConnection) messages.openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setConnectTimeout((int) LONGEST.toMillis());
        connection.setReadTimeout((int) LONGEST.toMillis());
        connection.setRequestProperty("content-type", "application/json");
        connection.setRequestProperty("anthropic-version", "2023-06-01");
        connection.setRequestProperty("x-api-key", token);
        try (var out = connection.getOutputStream()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        try (var response = connection.getInputStream()) {
            response.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Formats the records of all loggers as their handlers would, until it is closed, and drops them. */
    private static final class MutedLog extends Handler {
        /** Named, since a logger gets the handlers that an operator has configured when it is made. */
        private static final List<Logger> LOGGERS = Stream.of(
                        "", "dev.warder.access", "dev.warder.admin", "dev.warder.audit", "dev.warder.credential")
                .map(Logger::getLogger)
                .toList();

        private final Map<Logger, List<Handler>> handlers = new HashMap<>();

        MutedLog() {
            for (var logger : LOGGERS) {
                // The handler without a formatter ends the process when memory is out.
                var writing = Stream.of(logger.getHandlers())
                        .filter(handler -> handler.getFormatter() != null)
                        .toList();
                handlers.put(logger, writing);
                writing.forEach(logger::removeHandler);
            }
            root().addHandler(this);
        }

        private static Logger root() {
            return LOGGERS.get(0);
        }

        @Override
        public void publish(LogRecord logged) {
            for (var handler : handlers.getOrDefault(root(), List.of())) {
                if (handler.isLoggable(logged)) {
                    handler.getFormatter().format(logged);
                }
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            root().removeHandler(this);
            handlers.forEach((logger, writing) -> writing.forEach(logger::addHandler));
            handlers.clear();
        }
    }
}
