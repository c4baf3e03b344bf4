package dev.warder.cli;

import dev.warder.config.Secret;
import dev.warder.http.Fields;
import dev.warder.json.JsonTree;
import dev.warder.upstream.Outbound;
import dev.warder.upstream.Outbound.ProxyException;
import dev.warder.upstream.ServiceClient;
import dev.warder.upstream.ServiceClient.Outcome;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import javax.net.ssl.SSLException;

/** Sends requests to a running gateway, and finds the reason why one failed. One thread at a time. */
final class AdminConnection implements AutoCloseable, ServiceClient.Receiver {
    /** More than the gateway itself needs for a response at most. */
    static final Duration LIMIT = Duration.ofSeconds(150);

    private static final int PAGE = 500;
    private static final String ADMINISTRATOR = "X-Warder-Administrator";

    private final URI base;
    private final Secret token;
    private final String administrator;
    private final PrintStream exports;
    private final Duration limit;
    private final ServiceClient client;
    private volatile boolean exported;

    /**
     * @param exports receives the lines of an export as they arrive
     * @param outbound the way to the gateway
     * @param limit the longest time for a whole response
     */
    AdminConnection(
            URI base, Secret token, String administrator, PrintStream exports, Outbound outbound, Duration limit) {
        this.base = base;
        this.token = token;
        this.administrator = administrator.replaceAll("[^0-9A-Za-z._@-]", "?");
        this.exports = exports;
        this.limit = limit;
        client = new ServiceClient(outbound, AuthCommand.Controls::daemon, limit, Integer.MAX_VALUE);
    }

    /** Receives a document. */
    @FunctionalInterface
    interface Receiver {
        void accept(JsonObject document) throws AdminException;
    }

    /** Reads all pages, and returns the last one. */
    JsonObject forEach(String collection, Receiver receiver) throws AdminException {
        Optional<String> next = Optional.of("");
        var body = JsonValue.EMPTY_JSON_OBJECT;
        while (next.isPresent()) {
            String page = next.get();
            body = json(
                    "GET",
                    collection + "?limit=" + PAGE
                            + (page.isEmpty() ? "" : "&page=" + URLEncoder.encode(page, StandardCharsets.UTF_8)),
                    Optional.empty());
            for (var document : JsonTree.objects(body, "data").toList()) {
                receiver.accept(document);
            }
            next = JsonTree.findText(body, "next_page");
            if (next.filter(page::equals).isPresent()) {
                throw new AdminException("the list of " + collection + " has a page that is followed by itself");
            }
        }
        return body;
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
        var fields = fields();
        etag.ifPresent(tag -> fields.put("If-Match", tag));
        if (method.equals("POST")) {
            fields.put("Idempotency-Key", UUID.randomUUID().toString());
        }
        var url = URI.create(base + (path.startsWith("/") ? "" : "/admin/api/") + path);
        var response = response(method, url, fields, body);
        boolean isPage = response.type().startsWith("text/html");
        if (response.status() / 100 == 2 && !isPage) {
            return response.body();
        }
        throw failure(response);
    }

    private Map<String, String> fields() {
        var fields = new TreeMap<String, String>();
        fields.put(Fields.AUTHORIZATION, "Bearer " + token.reveal());
        fields.put(ADMINISTRATOR, administrator);
        return fields;
    }

    private Outcome response(String method, URI url, Map<String, String> fields, Optional<String> body)
            throws AdminException {
        int tries = method.equals("GET") || method.equals("POST") ? 2 : 1;
        for (int i = 1; ; i++) {
            var response = client.request(method, url, fields, body, this);
            if (response.status() != 0) {
                return response;
            }
            var broken = response.cause().orElseThrow(() -> late(method));
            requireReached(broken);
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

    private AdminException late(String method) {
        if (Thread.currentThread().isInterrupted()) {
            return new AdminException("it was broken off");
        }
        return new AdminException("no whole response from " + base + " within " + limit.toSeconds() + " s"
                + (method.equals("GET") ? "" : "; a change may have been made: look before you repeat it"));
    }

    private AdminException failure(Outcome response) throws AdminException {
        int status = response.status();
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
        var audit = URI.create(base + "/admin/api/audit?limit=1");
        var response = response("GET", audit, fields(), Optional.empty());
        if (response.status() == 401) {
            return failure(response);
        }
        return new AdminException(
                response.status() == 404
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

    @Override
    public boolean takes(int status, String type) {
        return status == 200 && (type.startsWith("text/csv") || type.startsWith("application/jsonl"));
    }

    @Override
    public void take(byte[] part) {
        exported = true;
        exports.writeBytes(part);
    }

    private void requireReached(Exception cause) throws AdminException {
        if (cause instanceof ProxyException proxy) {
            throw new AdminException(base + " was not reached: " + proxy.words());
        }
        if (cause instanceof ConnectException
                || cause instanceof SocketTimeoutException
                || cause instanceof UnknownHostException) {
            throw new AdminException(base + " was not reached; the gateway must run, and --url must be its address");
        }
        if (cause instanceof SSLException) {
            throw new AdminException("no TLS connection to " + base
                    + ": either its certificate is not trusted here (java -Djavax.net.ssl.trustStore=FILE -jar ... names"
                    + " those that are), or the port does not speak TLS");
        }
    }

    @Override
    public void close() {
        client.release();
    }

    /** The reason why a command for administrators failed, in one line without a secret. */
    static final class AdminException extends Exception {
        AdminException(String message) {
            super(message.replaceAll("\\p{C}", "?"));
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
