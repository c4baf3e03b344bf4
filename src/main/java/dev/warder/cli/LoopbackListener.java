package dev.warder.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.warder.oauth.AuthorizationResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Receives the redirect of a login from a browser on this machine (RFC 8252, section 7.3). It accepts one request for the
 * redirect's path with the right {@code state}, and responds to all others with an error. Thread-safe.
 */
final class LoopbackListener {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final String DONE = "You can close this window. The terminal shows the result of the login.\n";
    private static final String OTHER = "This request does not belong to the login that is being waited for.\n";

    private final HttpServer server;
    private final String path;
    private final String state;
    private final CompletableFuture<AuthorizationResponse> response;

    private LoopbackListener(
            HttpServer server, String path, String state, CompletableFuture<AuthorizationResponse> response) {
        this.server = server;
        this.path = path;
        this.state = state;
        this.response = response;
    }

    /** Whether the redirect uses plain HTTP and leads to this machine. */
    static boolean canServe(URI redirect) {
        return "http".equalsIgnoreCase(redirect.getScheme())
                && redirect.getHost() != null
                && LOOPBACK.contains(redirect.getHost());
    }

    /**
     * Listens on the redirect's port. Empty when the port is taken, perhaps by the gateway itself, or when the name {@code
     * localhost} leads to another machine; then a person has to paste the code.
     */
    static Optional<LoopbackListener> start(
            URI redirect, String state, CompletableFuture<AuthorizationResponse> response) {
        try {
            int port = redirect.getPort() < 0 ? 80 : redirect.getPort();
            var local = InetAddress.getByName(redirect.getHost());
            if (!local.isLoopbackAddress()) {
                return Optional.empty();
            }
            var server = HttpServer.create(new InetSocketAddress(local, port), 0);
            String path = redirect.getPath().isEmpty() ? "/" : redirect.getPath();
            var listener = new LoopbackListener(server, path, state, response);
            server.createContext("/", listener::handle);
            server.start();
            return Optional.of(listener);
        } catch (IOException taken) {
            return Optional.empty();
        }
    }

    /** Stops listening, after at most one second for the last response. */
    void stop() {
        server.stop(1);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String query =
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        var found = AuthorizationResponse.ofQuery(query);
        boolean ours = exchange.getRequestMethod().equals("GET")
                && exchange.getRequestURI().getPath().equals(path)
                && found.state().equals(state);
        try {
            respond(exchange, ours);
        } finally {
            // The code counts even if the browser did not wait for the response.
            if (ours) {
                response.complete(found);
            }
        }
    }

    private static void respond(HttpExchange exchange, boolean ours) throws IOException {
        byte[] text = (ours ? DONE : OTHER).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain;charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.sendResponseHeaders(ours ? 200 : 400, text.length);
        try (var body = exchange.getResponseBody()) {
            body.write(text);
        }
    }
}
