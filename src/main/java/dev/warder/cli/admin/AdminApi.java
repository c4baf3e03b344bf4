package dev.warder.cli.admin;

import dev.warder.cli.admin.AdminConnection.Reply;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a running gateway has, and the reasons why a request failed. One thread at a time. */
final class AdminApi {
    private static final int PAGE = 500;
    private static final String NEXT = "next_page";

    private final AdminConnection connection;

    AdminApi(AdminConnection connection) {
        this.connection = connection;
    }

    /** Receives a document. */
    @FunctionalInterface
    interface Receiver {
        void accept(JsonObject document) throws AdminException;
    }

    /** Sends requests of any kind. */
    AdminConnection connection() {
        return connection;
    }

    /** Visits all documents of a list, page by page. */
    void forEach(String collection, Map<String, String> query, Receiver receiver) throws AdminException {
        var path = new StringBuilder(collection + "?limit=" + PAGE);
        query.forEach((name, value) -> path.append('&').append(name).append('=').append(escaped(value)));
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            String page = next.get();
            var body = require(
                    connection.get(path + (page.isEmpty() ? "" : "&page=" + escaped(page))), "list of " + collection);
            for (var document : JsonTree.array(body, "data")) {
                if (document instanceof JsonObject object) {
                    receiver.accept(object);
                }
            }
            next = JsonTree.findText(body, NEXT);
            if (next.filter(page::equals).isPresent()) {
                throw new AdminException("the list of " + collection + " has a page that is followed by itself");
            }
        }
    }

    /** All documents of a list. */
    List<JsonObject> all(String collection, Map<String, String> query) throws AdminException {
        var documents = new ArrayList<JsonObject>();
        forEach(collection, query, documents::add);
        return documents;
    }

    /** The document at a path; empty if there is none. */
    Optional<Reply> find(String path) throws AdminException {
        var reply = connection.get(path);
        if (reply.status() == 404) {
            requireServed();
            return Optional.empty();
        }
        require(reply, path);
        return Optional.of(reply);
    }

    /**
     * The document of a response that must be a good one.
     *
     * @param what is not there if it is 404, such as {@code client/ada}
     */
    JsonObject require(Reply reply, String what) throws AdminException {
        if (reply.isGood()) {
            return reply.body();
        }
        if (reply.status() == 404 && reply.isJson()) {
            requireServed();
            throw absent(what);
        }
        throw failure(reply);
    }

    /** The failure for something that does not exist. */
    static AdminException absent(String what) {
        return new AdminException("there is no " + what);
    }

    /** Something that does not exist, and an API that is not served, have the same response; the audit always exists. */
    private void requireServed() throws AdminException {
        var reply = connection.get("audit?limit=1");
        if (reply.status() == 404) {
            throw new AdminException(connection.base() + " has no interface for administrators (" + reply.message()
                    + "); the gateway needs a database and admin.token, and --url its context path");
        }
        if (reply.status() == 401) {
            throw failure(reply);
        }
    }

    private AdminException failure(Reply reply) {
        int status = reply.status();
        if (status / 100 == 3) {
            return new AdminException(connection.base() + " redirects to another address (" + status
                    + "), which is not followed; give the right one as --url");
        }
        if (!reply.isJson() || status / 100 == 2 || reply.message().isEmpty()) {
            return new AdminException("the response of " + connection.base() + " (" + status
                    + ") is not one of Warder; check --url and what is in front of the gateway");
        }
        return new AdminException(
                switch (status) {
                    case 401 ->
                        "the gateway does not accept the token (" + reply.message()
                                + "); if it is the right one, --url may lack the context path";
                    case 403 -> "the token may not do this: " + reply.message();
                    default -> reply.message();
                });
    }

    private static String escaped(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
