package dev.warder.cli;

import dev.warder.config.Secret;
import dev.warder.http.Fields;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Sends requests to a running gateway, and finds the reason why one failed. One thread at a time. */
final class AdminConnection {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    /** More than the gateway itself needs for a response at most. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final int PAGE = 500;
    private static final String ADMINISTRATOR = "X-Warder-Administrator";

    private final URI base;
    private final Secret token;
    private final String administrator;
    private final PrintStream exports;
    private final Duration limit;
    private final HttpClient client;
    private volatile boolean exported;

    /**
     * @param exports receives the lines of an export as they arrive
     * @param limit the longest time for a whole response
     */
    AdminConnection(URI base, Secret token, String administrator, PrintStream exports, Duration limit) {
        this.base = base;
        this.token = token;
        this.administrator = administrator.replaceAll("[^0-9A-Za-z._@-]", "?");
        this.exports = exports;
        this.limit = limit;
        client = client(CONNECT_LIMIT);
    }

    static HttpClient client(Duration connectTimeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .build();
    }

    /** Receives a document. */
    @FunctionalInterface
    interface Receiver {
        void accept(JsonObject document) throws AdminException;
    }

    void forEach(String collection, Receiver receiver) throws AdminException {
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            String page = next.get();
            var body = json(
                    "GET",
                    collection + "?limit=" + PAGE
                            + (page.isEmpty() ? "" : "&page=" + URLEncoder.encode(page, StandardCharsets.UTF_8)),
                    Optional.empty());
            for (var document : JsonTree.array(body, "data")) {
                if (document instanceof JsonObject object) {
                    receiver.accept(object);
                }
            }
            next = JsonTree.findText(body, "next_page");
            if (next.filter(page::equals).isPresent()) {
                throw new AdminException("the list of " + collection + " has a page that is followed by itself");
            }
        }
    }

    JsonObject json(String method, String path, Optional<String> body) throws AdminException {
        return JsonTree.parseObject(send(method, path, body, Optional.empty())).orElseThrow(() -> foreign("200"));
    }

    /**
     * Sends a request and returns the body of its response, which is empty if it was an export. If the connection breaks,
     * reading is repeated, and so is a {@code POST}, which its key makes safe; another change is not.
     *
     * @param path below {@code /admin/api/}, or below the address if it begins with a slash
     * @param etag the version to change; empty for none
     */
    String send(String method, String path, Optional<String> body, Optional<String> etag) throws AdminException {
        var request = HttpRequest.newBuilder(URI.create(base + (path.startsWith("/") ? "" : "/admin/api/") + path))
                .method(method, body.map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody))
                .header(Fields.AUTHORIZATION, "Bearer " + token.reveal())
                .header(ADMINISTRATOR, administrator);
        body.ifPresent(json -> request.header("content-type", "application/json"));
        etag.ifPresent(tag -> request.header("If-Match", tag));
        if (method.equals("POST")) {
            request.header("Idempotency-Key", UUID.randomUUID().toString());
        }
        boolean isRepeatable = method.equals("GET") || method.equals("POST");
        var response = response(request.build(), isRepeatable ? 2 : 1);
        boolean isPage =
                response.headers().firstValue("content-type").orElse("").startsWith("text/html");
        if (response.statusCode() / 100 == 2 && !isPage) {
            return response.body();
        }
        throw failure(response);
    }

    private HttpResponse<String> response(HttpRequest request, int tries) throws AdminException {
        for (int i = 1; ; i++) {
            try {
                return response(request);
            } catch (IOException broken) {
                if (exported) {
                    throw new AdminException("the connection to " + base + " broke; what was printed is not complete");
                }
                if (i == tries) {
                    throw new AdminException("the connection to " + base + " broke " + (tries > 1 ? "twice " : "")
                            + "before the response (" + broken.getClass().getSimpleName() + "); "
                            + (tries > 1
                                    ? "it may be that " + base.getScheme() + " is not what this port speaks"
                                    : "the change may have been made: look before you repeat it"));
                }
            }
        }
    }

    private AdminException failure(HttpResponse<String> response) throws AdminException {
        int status = response.statusCode();
        if (status / 100 == 3) {
            return new AdminException(base + " redirects to another address (" + status
                    + "), which is not followed; give the right one as --url");
        }
        String message = JsonTree.parseObject(response.body())
                .map(body -> JsonTree.text(JsonTree.object(body, "error"), "message"))
                .orElse("");
        if (status / 100 == 2 || message.isEmpty()) {
            return foreign(Integer.toString(status));
        }
        return switch (status) {
            case 401 ->
                new AdminException("the gateway does not accept the token (" + message
                        + "); if it is the right one, --url may lack the context path");
            case 403 -> new AdminException("the token may not do this: " + message);
            case 404 -> absent(message);
            default -> new AdminException(message);
        };
    }

    private AdminException absent(String message) throws AdminException {
        var audit = HttpRequest.newBuilder(URI.create(base + "/admin/api/audit?limit=1"))
                .header(Fields.AUTHORIZATION, "Bearer " + token.reveal())
                .header(ADMINISTRATOR, administrator);
        var response = response(audit.build(), 2);
        if (response.statusCode() == 401) {
            return failure(response);
        }
        return new AdminException(
                response.statusCode() == 404
                        ? base + " has no interface for administrators (" + message
                                + "); the gateway needs a database and admin.token, and --url its context path"
                        : message);
    }

    private AdminException foreign(String status) {
        return new AdminException("the response of " + base + " (" + status
                + ") is not one of Warder; check --url and what is in front of the gateway");
    }

    /** JSON in ASCII, since the terminal may have another character set than UTF-8. */
    static String ascii(String document) {
        var text = new StringBuilder();
        for (int i = 0; i < document.length(); i++) {
            char c = document.charAt(i);
            text.append(c < 0x7f ? String.valueOf(c) : "\\u%04x".formatted((int) c));
        }
        return text.toString();
    }

    private HttpResponse<String> response(HttpRequest request) throws AdminException, IOException {
        // A limit of the request would end with the head of the response.
        var response = client.sendAsync(request, this::body);
        try {
            return response.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failure(failed.getCause());
        } catch (TimeoutException late) {
            response.cancel(true);
            boolean isRead = request.method().equals("GET");
            throw new AdminException("no whole response from " + base + " within " + limit.toSeconds() + " s"
                    + (isRead ? "" : "; a change may have been made: look before you repeat it"));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AdminException("it was broken off");
        }
    }

    private BodySubscriber<String> body(ResponseInfo response) {
        String type = response.headers().firstValue("content-type").orElse("");
        if (response.statusCode() != 200 || !type.startsWith("text/csv") && !type.startsWith("application/jsonl")) {
            return BodySubscribers.ofString(StandardCharsets.UTF_8);
        }
        return BodySubscribers.mapping(
                BodySubscribers.ofByteArrayConsumer(part -> part.ifPresent(this::export)), end -> "");
    }

    private void export(byte[] part) {
        exported = true;
        exports.writeBytes(part);
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
}
