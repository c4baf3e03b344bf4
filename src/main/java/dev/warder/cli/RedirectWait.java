package dev.warder.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.warder.config.EndpointUrl;
import dev.warder.oauth.AuthorizationResponse;
import dev.warder.oauth.CredentialControl.AuthorizationRequest;
import dev.warder.oauth.CredentialControl.ControlException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
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
    private static final String DONE = "You can close this window. The terminal shows the result of the login.\n";
    private static final String OTHER = "This request does not belong to the login that is being waited for.\n";

    private final Console console;
    private final CompletableFuture<AuthorizationResponse> response = new CompletableFuture<>();

    RedirectWait(Console console) {
        this.console = console;
    }

    /** The first response that arrives; the wait ends with the validity of the login. */
    AuthorizationResponse response(AuthorizationRequest request) throws ControlException {
        var browser = listen(request.redirectUri(), request.state());
        try {
            if (browser.isPresent()) {
                console.out().println("Waiting for the browser. If it runs on another machine:");
            }
            console.out().println(PASTE);
            console.out().flush();
            var reader = new Thread(() -> read(browser.isPresent()), "warder-paste");
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
            // After at most one second for the last response.
            browser.ifPresent(server -> server.stop(1));
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
     * Listens on the redirect's port for a browser on this machine (RFC 8252, section 7.3). Empty when the redirect leads
     * elsewhere, or the port is taken, perhaps by the gateway itself; then a person has to paste the code.
     */
    private Optional<HttpServer> listen(URI redirect, String state) {
        if (!"http".equalsIgnoreCase(redirect.getScheme())
                || redirect.getHost() == null
                || !EndpointUrl.isLoopback(redirect.getHost())) {
            return Optional.empty();
        }
        try {
            var local = InetAddress.getByName(redirect.getHost());
            if (!local.isLoopbackAddress()) {
                return Optional.empty();
            }
            int port = redirect.getPort() < 0 ? 80 : redirect.getPort();
            String path = redirect.getPath().isEmpty() ? "/" : redirect.getPath();
            var server = HttpServer.create(new InetSocketAddress(local, port), 0);
            server.createContext("/", exchange -> handle(exchange, path, state));
            server.start();
            return Optional.of(server);
        } catch (IOException taken) {
            return Optional.empty();
        }
    }

    /** Accepts one request for the redirect's path with the right {@code state}, and responds to all others with an error. */
    private void handle(HttpExchange exchange, String path, String state) throws IOException {
        var found = AuthorizationResponse.ofQuery(
                Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), ""));
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
