package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import java.util.List;

/** Something that is served: a method and a path. */
record Endpoint(String method, String path) {
    /** One of each way through the gateway: collected or not, with a body or not, raw. */
    static final List<Endpoint> WAYS = List.of(
            new Endpoint("POST", "/v1/messages"),
            new Endpoint("POST", "/v1/messages/count_tokens"),
            new Endpoint("GET", "/v1/messages/batches"),
            new Endpoint("GET", "/v1/skills"),
            new Endpoint("GET", "/v1/files"),
            new Endpoint("POST", "/anthropic/v1/messages"));

    /** Reads {@code POST /v1/messages}. */
    static Endpoint of(String text) {
        var words = text.split(" ", 2);
        return new Endpoint(words[0], words[1]);
    }

    /** A request to it without a body, or with a small one where it wants one. */
    RawRequest request(Container container) {
        return request(container, "");
    }

    /** The same with a query, which has its question mark. */
    RawRequest request(Container container, String query) {
        var request = Ground.request(container, method, path + query);
        return method.equals("POST") ? request.json("{\"model\":\"claude-x\",\"max_tokens\":1}") : request;
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
