package dev.warder.demo;

import dev.warder.demo.DemoApi.DemoResponse;
import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.json.JsonText;
import jakarta.json.JsonObject;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A small demonstration upstream on a free loopback port, for a first look without an account. Thread-safe. */
public final class DemoUpstream {
    private static final int LARGEST_BODY = 33 << 20;
    private static final String LOOPBACK = "127.0.0.1";

    private final Server server;
    private final ServerConnector connector;
    private final DemoApi api;
    private final RandomGenerator random;
    private final Duration gap;

    /**
     * Creates an upstream; {@link #start()} starts it.
     *
     * @param key the only key that it accepts
     * @param random for ids; thread-safe
     * @param gap the time before each delta
     */
    public DemoUpstream(String key, RandomGenerator random, Duration gap) {
        this.api = new DemoApi(key, random);
        this.random = random;
        this.gap = gap;
        var threads = new QueuedThreadPool(16, 2);
        threads.setName("demo");
        this.server = new Server(threads);
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(128 * 1024);
        this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(LOOPBACK);
        connector.setIdleTimeout(Duration.ofMinutes(10).toMillis());
        server.addConnector(connector);
        server.setErrorHandler(this::refuse);
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                respond(request, response, callback);
                return true;
            }
        });
    }

    public void start() throws Exception {
        server.start();
    }

    public URI url() {
        return URI.create("http://" + LOOPBACK + ":" + connector.getLocalPort());
    }

    /** Writes Jetty's own refusals, for example of a malformed request head, in the API's error format. */
    private boolean refuse(Request request, Response response, Callback callback) {
        new DemoReply(response, callback).malformed(response.getStatus());
        return true;
    }

    private void respond(Request request, Response response, Callback callback) {
        var reply = new DemoReply(response, callback);
        Content.Source.asByteArrayAsync(
                request,
                LARGEST_BODY,
                Promise.Invocable.from(
                        Invocable.InvocationType.NON_BLOCKING,
                        body -> respond(request, body, reply, callback),
                        tooLong -> reply.unreadable()));
    }

    private void respond(Request request, byte[] body, DemoReply reply, Callback callback) {
        try {
            reply.write(api.respond(asked(request), body));
        } catch (RuntimeException fault) {
            callback.failed(fault);
        }
    }

    private static DemoApi.Asked asked(Request request) {
        return new DemoApi.Asked(
                request.getMethod(),
                Request.getPathInContext(request),
                request.getHeaders().get("x-api-key"),
                request.getHeaders().get("anthropic-version"));
    }

    /** Closes the port and ends the threads. */
    public void stop() throws Exception {
        server.stop();
    }

    /** Writes one response of the demonstration upstream; no thread waits between two deltas. One thread at a time. */
    private final class DemoReply {
        private final String requestId = "req_demo" + HexFormat.of().toHexDigits(random.nextLong());
        private final Response response;
        private final Callback callback;

        DemoReply(Response response, Callback callback) {
            this.response = response;
            this.callback = callback;
        }

        void write(DemoResponse demo) {
            response.getHeaders().put("request-id", requestId);
            if (demo instanceof DemoResponse.Events stream) {
                head(200, "text/event-stream; charset=utf-8");
                next(stream.events().iterator());
            } else if (demo instanceof DemoResponse.Whole whole) {
                write(200, JsonText.utf8(whole.document().toString()));
            } else if (demo instanceof DemoResponse.Refused refused) {
                ErrorReply reply = refused.reply();
                reply.fields().forEach(field -> response.getHeaders().put(field.name(), field.value()));
                write(reply.status(), Dialect.ANTHROPIC.body(reply, requestId));
            }
        }

        private void head(int status, String contentType) {
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        }

        private void write(int status, byte[] body) {
            head(status, "application/json");
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
            response.write(true, ByteBuffer.wrap(body), callback);
        }

        private void next(Iterator<JsonObject> events) {
            if (!events.hasNext()) {
                response.write(true, ByteBuffer.allocate(0), callback);
                return;
            }
            JsonObject event = events.next();
            if (event.getString("type").equals(DemoMessage.DELTA)) {
                server.getScheduler().schedule(() -> write(event, events), gap);
            } else {
                write(event, events);
            }
        }

        // If the client has left, the write fails, and the rest of the stream is not sent.
        private void write(JsonObject event, Iterator<JsonObject> rest) {
            String text = "event: " + event.getString("type") + "\ndata: " + event + "\n\n";
            response.write(
                    false, ByteBuffer.wrap(JsonText.utf8(text)), Callback.from(() -> next(rest), callback::failed));
        }

        /** Responds to a request that Jetty refused; a status that is not from 400 to 499 becomes an internal error. */
        void malformed(int status) {
            write(new DemoResponse.Refused(
                    status >= 400 && status < 500
                            ? new ErrorReply(status, ErrorType.INVALID_REQUEST, "The request is malformed.", List.of())
                            : ErrorReply.internal()));
        }

        void unreadable() {
            write(new DemoResponse.Refused(ErrorReply.tooLarge("Request exceeds 32 MB.")));
        }
    }
}
