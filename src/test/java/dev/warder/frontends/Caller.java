package dev.warder.frontends;

import dev.warder.testkit.TestCertificate;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A client that speaks one version of HTTP over TLS and shows the access token. Thread-safe. */
final class Caller {
    /** A streaming request's body. */
    static final String STREAMING = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}";

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final HttpClient client;
    private final URI base;

    private Caller(HttpClient client, URI base) {
        this.client = client;
        this.base = base;
    }

    /** A client with connections of its own. */
    static Caller of(URI base, HttpClient.Version version) throws Exception {
        var context = TestCertificate.shared().clientContext();
        return new Caller(
                HttpClient.newBuilder().version(version).sslContext(context).build(), base);
    }

    /** Sends a body and answers when the head has come. */
    HttpResponse<InputStream> post(String path, HttpRequest.BodyPublisher body) throws Exception {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(LIMIT)
                .header("x-api-key", Rig.ACCESS_TOKEN)
                .header("content-type", "application/json")
                .POST(body)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    /** Asks for a stream. */
    HttpResponse<InputStream> stream() throws Exception {
        return post("/v1/messages", HttpRequest.BodyPublishers.ofString(STREAMING));
    }

    /** Counts tokens, as a small request that ends at once, and answers its status. */
    int count() throws Exception {
        var answer = post(
                "/v1/messages/count_tokens", HttpRequest.BodyPublishers.ofString("{\"model\":\"x\",\"messages\":[]}"));
        try (var body = answer.body()) {
            body.readAllBytes();
        }
        return answer.statusCode();
    }
}
