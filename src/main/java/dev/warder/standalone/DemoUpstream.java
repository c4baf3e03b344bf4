package dev.warder.standalone;

import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.json.JsonText;
import dev.warder.standalone.DemoApi.DemoResponse;
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
        int status = response.getStatus();
        refuse(
                status >= 400 && status < 500
                        ? new ErrorReply(status, ErrorType.INVALID_REQUEST, "The request is malformed.", List.of())
                        : ErrorReply.internal(),
                response,
                callback);
        return true;
    }

    private void respond(Request request, Response response, Callback callback) {
        Content.Source.asByteArrayAsync(
                request,
                LARGEST_BODY,
                Promise.Invocable.from(
                        Invocable.InvocationType.NON_BLOCKING,
                        body -> respond(request, body, response, callback),
                        tooLong -> refuse(ErrorReply.tooLarge("Request exceeds 32 MB."), response, callback)));
    }

    private void respond(Request request, byte[] body, Response response, Callback callback) {
        try {
            var demo = api.respond(request, body);
            if (demo instanceof DemoResponse.Events stream) {
                begin(response, 200, "text/event-stream; charset=utf-8", requestId());
                next(stream.events().iterator(), response, callback);
            } else if (demo instanceof DemoResponse.Whole whole) {
                write(response, 200, requestId(), JsonText.utf8(whole.document().toString()), callback);
            } else if (demo instanceof DemoResponse.Refused refused) {
                refuse(refused.reply(), response, callback);
            }
        } catch (RuntimeException fault) {
            callback.failed(fault);
        }
    }

    private String requestId() {
        return "req_demo" + HexFormat.of().toHexDigits(random.nextLong());
    }

    private void refuse(ErrorReply reply, Response response, Callback callback) {
        String id = requestId();
        reply.fields().forEach(field -> response.getHeaders().put(field.name(), field.value()));
        write(response, reply.status(), id, Dialect.ANTHROPIC.body(reply, id), callback);
    }

    private static void begin(Response response, int status, String contentType, String id) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType).put("request-id", id);
    }

    private static void write(Response response, int status, String id, byte[] body, Callback callback) {
        begin(response, status, "application/json", id);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /** No thread waits between two deltas. If the client has left, a write fails, and the rest is not sent. */
    private void next(Iterator<JsonObject> events, Response response, Callback callback) {
        if (!events.hasNext()) {
            response.write(true, ByteBuffer.allocate(0), callback);
            return;
        }
        var event = events.next();
        String type = event.getString("type");
        var text = ByteBuffer.wrap(JsonText.utf8("event: " + type + "\ndata: " + event + "\n\n"));
        var then = Callback.from(() -> next(events, response, callback), callback::failed);
        if (type.equals(DemoMessage.DELTA)) {
            server.getScheduler().schedule(() -> response.write(false, text, then), gap);
        } else {
            response.write(false, text, then);
        }
    }

    /** Closes the port and ends the threads. */
    public void stop() throws Exception {
        server.stop();
    }
}
