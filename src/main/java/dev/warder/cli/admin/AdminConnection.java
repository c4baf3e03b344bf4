package dev.warder.cli.admin;

import dev.warder.config.Secret;
import dev.warder.http.Fields;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Sends requests to the resources below {@code /admin/api} of a running gateway. One thread at a time. */
final class AdminConnection {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    /** More than the gateway itself needs for a response at most. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String ADMINISTRATOR = "X-Warder-Administrator";
    private static final String IF_MATCH = "If-Match";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private final URI base;
    private final Secret token;
    private final String administrator;
    private final HttpClient client;

    /**
     * Creates it; nothing is sent yet.
     *
     * @param administrator the name for the audit
     */
    AdminConnection(URI base, Secret token, String administrator) {
        this.base = base;
        this.token = token;
        this.administrator = administrator.replaceAll("[^0-9A-Za-z._@-]", "?");
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_LIMIT)
                .build();
    }

    /**
     * A response. The text form shows the status only.
     *
     * @param body an empty object if the body is no JSON object
     * @param isJson whether the body is a JSON object
     */
    record Reply(int status, JsonObject body, boolean isJson, Optional<String> etag) {
        /** Whether the gateway did what was asked for. */
        boolean isGood() {
            return status / 100 == 2 && isJson;
        }

        /** The message of an error. */
        String message() {
            return JsonTree.text(JsonTree.object(body, "error"), "message");
        }

        @Override
        public String toString() {
            return "Reply[" + status + "]";
        }
    }

    /** The address of the gateway. */
    URI base() {
        return base;
    }

    /** Reads. */
    Reply get(String path) throws AdminException {
        return repeatable("GET", path, Optional.empty(), Map.of());
    }

    /** Creates. If the connection breaks, the request is repeated, which its key makes safe. */
    Reply post(String path, JsonObject body) throws AdminException {
        return repeatable(
                "POST",
                path,
                Optional.of(body),
                Map.of(IDEMPOTENCY_KEY, UUID.randomUUID().toString()));
    }

    /**
     * Changes or removes.
     *
     * @param etag the version that was read; empty for any
     */
    Reply change(String method, String path, Optional<JsonObject> body, Optional<String> etag) throws AdminException {
        var fields = new TreeMap<String, String>();
        etag.ifPresent(tag -> fields.put(IF_MATCH, tag));
        try {
            return send(method, path, body, fields);
        } catch (IOException broken) {
            throw new AdminException("the connection to " + base + " broke before the response ("
                    + broken.getClass().getSimpleName()
                    + "); the change may have been made: look before you repeat it");
        }
    }

    private Reply repeatable(String method, String path, Optional<JsonObject> body, Map<String, String> fields)
            throws AdminException {
        try {
            return send(method, path, body, fields);
        } catch (IOException brokenOnce) {
            try {
                return send(method, path, body, fields);
            } catch (IOException broken) {
                throw new AdminException("the connection to " + base + " broke twice before the response ("
                        + broken.getClass().getSimpleName() + "); it may be that " + base.getScheme()
                        + " is not what this port speaks");
            }
        }
    }

    private Reply send(String method, String path, Optional<JsonObject> body, Map<String, String> fields)
            throws AdminException, IOException {
        var request = HttpRequest.newBuilder(URI.create(base + "/admin/api/" + path))
                .method(
                        method,
                        body.map(json -> BodyPublishers.ofString(json.toString(), StandardCharsets.UTF_8))
                                .orElseGet(BodyPublishers::noBody))
                .header(Fields.AUTHORIZATION, "Bearer " + token.reveal())
                .header(ADMINISTRATOR, administrator);
        body.ifPresent(json -> request.header("content-type", "application/json"));
        fields.forEach(request::header);
        return reply(request.build());
    }

    private Reply reply(HttpRequest request) throws AdminException, IOException {
        // A limit of the request would end with the head of the response.
        var response = client.sendAsync(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        try {
            return reply(response.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException failed) {
            throw failure(failed.getCause());
        } catch (TimeoutException late) {
            response.cancel(true);
            throw new AdminException("no response from " + base + " within " + LIMIT.toSeconds()
                    + " s; a change may have been made: look before you repeat it");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AdminException("it was broken off");
        }
    }

    /** The failure to throw, if it is not one that the caller handles: a connection that broke. */
    private IOException failure(@Nullable Throwable cause) throws AdminException {
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            throw new AdminException(base + " was not reached; the gateway must run, and --url must be its address");
        }
        if (cause instanceof SSLException) {
            throw new AdminException("no TLS connection to " + base
                    + ": either its certificate is not trusted here (java -Djavax.net.ssl.trustStore=FILE -jar ... names"
                    + " those that are), or the port does not speak TLS");
        }
        if (cause instanceof IOException broken) {
            return broken;
        }
        throw new IllegalStateException("a request failed", cause);
    }

    private static Reply reply(HttpResponse<String> response) {
        var body = JsonTree.parseObject(response.body());
        return new Reply(
                response.statusCode(),
                body.orElse(JsonValue.EMPTY_JSON_OBJECT),
                body.isPresent(),
                response.headers().firstValue("etag"));
    }
}
