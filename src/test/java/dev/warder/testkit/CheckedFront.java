package dev.warder.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes requests to a gateway and checks each answer by {@link OpenApiCheck}: for programs such as the command line, whose
 * answers a test does not see. It listens on a free port of 127.0.0.1. Thread-safe.
 */
public final class CheckedFront implements AutoCloseable {
    /** What belongs to a connection, or is set by the next sender. */
    private static final Set<String> OF_CONNECTION = Set.of(
            "connection", "content-length", "host", "http2-settings", "keep-alive", "transfer-encoding", "upgrade");

    private final URI gateway;
    private final HttpServer server;
    private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
    private final AtomicInteger checked = new AtomicInteger();

    private CheckedFront(URI gateway, HttpServer server) {
        this.gateway = gateway;
        this.server = server;
    }

    /** Starts it. */
    public static CheckedFront of(URI gateway) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var front = new CheckedFront(gateway, server);
        server.createContext("/", front::pass);
        server.start();
        return front;
    }

    /** The base URL for clients. */
    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = RawRequest.of(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString());
            exchange.getRequestHeaders().forEach((name, values) -> values.stream()
                    .filter(value -> isPassed(name))
                    .forEach(value -> request.field(name, value)));
            byte[] body = exchange.getRequestBody().readAllBytes();
            var answer = RawClient.exchange(gateway, body.length == 0 ? request : request.body(body));
            if (answer.truncated()) {
                throw new IOException("the answer to " + request.target() + " is cut");
            }
            check(request, answer);
            for (var field : answer.fields().lines()) {
                if (isPassed(field.name())) {
                    exchange.getResponseHeaders().add(field.name(), field.value());
                }
            }
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (IOException | RuntimeException failed) {
            problems.add(failed);
            throw failed;
        }
    }

    private void check(RawRequest request, RawResponse answer) {
        if (request.target().startsWith(OpenApiCheck.FOLDER)) {
            checked.incrementAndGet();
        }
        try {
            OpenApiCheck.checked("", request, answer);
        } catch (AssertionError differs) {
            problems.add(differs);
        }
    }

    private static boolean isPassed(String name) {
        return !OF_CONNECTION.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * Stops it.
     *
     * @throws AssertionError if no answer was checked, or one differed from the OpenAPI document or could not be passed on
     */
    @Override
    public void close() {
        server.stop(0);
        if (checked.get() == 0) {
            throw new AssertionError("no answer was checked");
        }
        if (!problems.isEmpty()) {
            var all = new AssertionError("answers differ from the OpenAPI document: " + List.copyOf(problems));
            problems.forEach(all::addSuppressed);
            throw all;
        }
    }
}
