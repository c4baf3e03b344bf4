package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/nginx/warder-nodes.sh} beside an nginx that fails to reload: one server plays two nodes and that nginx. */
class NodesFront {
    private static final String NODES = "server 127.0.0.1:%1$d max_fails=0;\nserver localhost:%1$d max_fails=0;\n";

    private final BlockingQueue<String> reloads = new LinkedBlockingQueue<>();
    private HttpServer server;
    private Path folder;
    private Path list;
    private volatile boolean fails;
    private volatile boolean secondIsReady = true;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health/ready", this::health);
        server.createContext("/reload", this::reload);
        server.start();
        list = Files.writeString(folder.resolve("nodes.conf"), NODES.formatted(port()));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void repeatsAReloadThatFailed() throws Exception {
        var script = script();
        try {
            assertThat(nextReload()).isEqualTo("done");
            fails = true;
            secondIsReady = false;
            assertThat(nextReload()).isEqualTo("failed");
            fails = false;
            assertThat(nextDone()).isEqualTo("done");
            assertThat(list).content().contains("server localhost:" + port() + " max_fails=0 down;");
        } finally {
            end(script);
        }
    }

    @Test
    void loadsTheListWhenItIsStartedAfterAReloadThatFailed() throws Exception {
        fails = true;
        secondIsReady = false;
        var before = script();
        assertThat(nextReload()).isEqualTo("failed");
        end(before);
        assertThat(list).content().contains(" down;");
        reloads.clear();
        fails = false;
        var after = script();
        try {
            assertThat(nextReload()).isEqualTo("done");
        } finally {
            end(after);
        }
    }

    private String nextReload() throws InterruptedException {
        return reloads.poll(20, TimeUnit.SECONDS);
    }

    private String nextDone() throws InterruptedException {
        var next = nextReload();
        while ("failed".equals(next)) {
            next = nextReload();
        }
        return next;
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private Process script() throws IOException {
        var builder =
                new ProcessBuilder("sh", ConfText.path("nginx/warder-nodes.sh").toString());
        builder.environment()
                .putAll(Map.of(
                        "WARDER_NODES",
                        list.toString(),
                        "WARDER_RELOAD",
                        "curl -sf http://127.0.0.1:" + port() + "/reload",
                        "WARDER_PAUSE",
                        "0.2"));
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("script.log").toFile())
                .start();
    }

    private static void end(Process script) {
        script.destroy();
        script.onExit().join();
    }

    private void health(HttpExchange exchange) throws IOException {
        boolean first = exchange.getRequestHeaders().getFirst("Host").startsWith("127.");
        answer(exchange, first || secondIsReady ? 200 : 503);
    }

    private void reload(HttpExchange exchange) throws IOException {
        boolean failed = fails;
        answer(exchange, failed ? 500 : 200);
        reloads.add(failed ? "failed" : "done");
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }
}
