package dev.warder.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.warder.oauth.AuthorizationRequest;
import dev.warder.oauth.AuthorizationResponse;
import dev.warder.oauth.ControlException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for the end of a login: for text that a person pastes and, if the redirect leads to this machine, for the browser. One
 * thread at a time.
 */
final class RedirectWait {
    private static final long MINUTES = 10;
    private static final String PASTE =
            "Paste what is shown there (code#state), or the whole address that the browser was sent to, and press Enter:";

    private final Console console;
    private final CompletableFuture<AuthorizationResponse> response = new CompletableFuture<>();

    RedirectWait(Console console) {
        this.console = console;
    }

    /** The first response that arrives; the wait ends with the validity of the login. */
    AuthorizationResponse response(AuthorizationRequest request) throws ControlException {
        var listener = Optional.of(request.redirectUri())
                .filter(LoopbackListener::canServe)
                .flatMap(uri -> LoopbackListener.start(uri, request.state(), response));
        try {
            if (listener.isPresent()) {
                console.out().println("Waiting for the browser. If it runs on another machine:");
            }
            console.out().println(PASTE);
            console.out().flush();
            var reader = new Thread(() -> read(listener.isPresent()), "warder-paste");
            reader.setDaemon(true);
            reader.start();
            return response.get(MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException nothing) {
            throw new ControlException("no code was given");
        } catch (TimeoutException late) {
            throw new ControlException("no code came within " + MINUTES + " minutes; begin again");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ControlException("it was broken off");
        } finally {
            listener.ifPresent(LoopbackListener::stop);
        }
    }

    /** Reads what a person pastes. If the input ends, the browser may still bring the response. */
    private void read(boolean listening) {
        var lines = new BufferedReader(new InputStreamReader(console.in(), Charset.defaultCharset()));
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                var pasted = AuthorizationResponse.ofPasted(line);
                if (pasted.isPresent()) {
                    response.complete(pasted.get());
                    return;
                }
                console.err().println("warder: that is neither code#state nor an address with a code; try again");
            }
        } catch (IOException closed) {
            console.err().println("warder: the input cannot be read");
        }
        if (!listening) {
            response.completeExceptionally(new ControlException("no code was given"));
        }
    }

    /**
     * Receives the redirect of a login from a browser on this machine (RFC 8252, section 7.3). It accepts one request for
     * the redirect's path with the right {@code state}, and responds to all others with an error. Thread-safe.
     */
    static final class LoopbackListener {
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

        static boolean canServe(URI redirect) {
            return "http".equalsIgnoreCase(redirect.getScheme())
                    && redirect.getHost() != null
                    && LOOPBACK.contains(redirect.getHost());
        }

        /**
         * Listens on the redirect's port. Empty when the port is taken, perhaps by the gateway itself, or when the name
         * {@code
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
}
