package dev.warder.standalone;

import dev.warder.auth.AccessToken;
import dev.warder.cli.Command;
import dev.warder.cli.Entries;
import dev.warder.cli.WebXml;
import dev.warder.observe.GlobalTelemetry;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Requests before the gateway starts, so that the virtual machine has loaded what each request runs, and has compiled most of it.
 * They go through another gateway, with a credential that was made up, to the demonstration upstream on loopback. It stops after
 * them, and all that it has counted goes with it; its log lines are formatted and dropped. One thread at a time.
 */
final class WarmUp {
    private static final Logger LOG = Logger.getLogger(WarmUp.class.getName());
    private static final Duration LONGEST = Duration.ofSeconds(2);

    /** One request of so many asks for an event stream. */
    private static final int STREAMS = 4;

    private static final String CONTEXT = "/warm-up";

    /** Named, since a logger gets the handlers that an operator has configured when it is made. */
    private static final List<Logger> OWN = Stream.of("access", "admin", "audit", "credential", "reconciliation")
            .map(name -> Logger.getLogger("dev.warder." + name))
            .toList();

    private WarmUp() {}

    /**
     * Starts another gateway and sends it requests for {@link #LONGEST}. A gateway that cannot be warmed up starts cold.
     *
     * @param webXml must have no values: they would count for the other gateway too, its ledger, say
     * @param folder for temporary files
     */
    static void run(Path webapp, WebXml webXml, Path folder, SecureRandom random) {
        if (!webXml.equals(WebXml.NONE) || GlobalTelemetry.isThere()) {
            LOG.warning("--warm: ignored, because web.xml has values, or the process has OpenTelemetry");
            return;
        }
        int sent = 0;
        Exception failure = null;
        var muted = muteLogs();
        try {
            sent = run(webapp, folder.resolve("warm"), random);
        } catch (Exception failed) {
            failure = failed;
        } finally {
            muted.forEach(Runnable::run);
        }
        LOG.log(failure == null ? Level.INFO : Level.WARNING, "Warmed up by " + sent + " requests", failure);
    }

    private static int run(Path webapp, Path work, SecureRandom random) throws Exception {
        String token = AccessToken.generate(random).reveal();
        String key = AccessToken.generate(random).reveal();
        var upstream = new DemoUpstream(key, random, Duration.ZERO);
        try {
            upstream.start();
            var entries = new Entries(Map.of("prompt.text", "Answer in English."));
            entries.useDemo(upstream.url(), key);
            entries.useToken(token);
            var serve = new Command.Serve("127.0.0.1", 0, CONTEXT, false, false);
            var server = new WebServer(
                    serve, webapp, work, entries.all(), Duration.ofMinutes(1), ConnectionLimits.ofThisMachine());
            try {
                server.open();
                server.start();
                return send(new URL("http://127.0.0.1:" + server.port() + CONTEXT + "/v1/messages"), token);
            } finally {
                server.stop();
            }
        } finally {
            upstream.stop();
        }
    }

    private static int send(URL messages, String token) throws IOException {
        long end = System.nanoTime() + LONGEST.toNanos();
        int sent = 0;
        while (System.nanoTime() - end < 0) {
            send(messages, token, sent % STREAMS == 0);
            sent++;
        }
        return sent;
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

    /**
     * Has all log lines formatted and dropped, and returns what ends that. The handler that looks for lack of memory asks no
     * filter.
     */
    private static List<Runnable> muteLogs() {
        var loggers = Stream.concat(
                OWN.stream(),
                Collections.list(LogManager.getLogManager().getLoggerNames()).stream()
                        .map(Logger::getLogger));
        return loggers.flatMap(logger -> Stream.of(logger.getHandlers()))
                .distinct()
                .map(WarmUp::mute)
                .toList();
    }

    private static Runnable mute(Handler handler) {
        var before = handler.getFilter();
        var formatter = handler.getFormatter();
        handler.setFilter(logged -> {
            if (formatter != null) {
                formatter.format(logged);
            }
            return false;
        });
        return () -> handler.setFilter(before);
    }
}
