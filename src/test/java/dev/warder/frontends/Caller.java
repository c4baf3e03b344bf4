package dev.warder.frontends;

import dev.warder.testkit.RawEvent;
import dev.warder.testkit.TestCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A client that speaks one version of HTTP over TLS. Thread-safe. */
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

    /** A request to this path that shows no token. */
    HttpRequest.Builder plain(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT);
    }

    /** A GET of this path with the access token. */
    HttpRequest.Builder get(String path) {
        return plain(path).header("x-api-key", Rig.ACCESS_TOKEN);
    }

    /** Sends the request and answers when the head has come. */
    HttpResponse<InputStream> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /** Sends a body with the access token and answers when the head has come. */
    HttpResponse<InputStream> post(String path, HttpRequest.BodyPublisher body) throws Exception {
        return send(get(path).header("content-type", "application/json").POST(body));
    }

    /** Asks for a stream. */
    HttpResponse<InputStream> stream() throws Exception {
        return post("/v1/messages", BodyPublishers.ofString(STREAMING));
    }

    /** Counts tokens, as a small request that ends at once, and answers its status. */
    int count() throws Exception {
        return status(post("/v1/messages/count_tokens", BodyPublishers.ofString("{\"model\":\"x\",\"messages\":[]}")));
    }

    /** The status of an answer, whose body is read to its end. */
    static int status(HttpResponse<InputStream> answer) throws Exception {
        try (var body = answer.body()) {
            body.readAllBytes();
        }
        return answer.statusCode();
    }

    /** Reads the events of a stream and leaves out its comments. One thread at a time. */
    static final class EventReader {
        private final BufferedReader lines;

        EventReader(InputStream stream) {
            lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        }

        /** The next event; empty at the stream's proper end. */
        Optional<RawEvent> next() throws IOException {
            var event = new RawEvent("");
            do {
                var block = block();
                if (block.isEmpty()) {
                    return Optional.empty();
                }
                event = new RawEvent(block);
            } while (event.comment());
            return Optional.of(event);
        }

        /** The names of all events to the end. */
        List<String> names() throws IOException {
            var names = new ArrayList<String>();
            for (var event = next(); event.isPresent(); event = next()) {
                names.add(event.get().name());
            }
            return names;
        }

        private String block() throws IOException {
            var block = new StringBuilder();
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                block.append(line).append('\n');
                if (line.isEmpty()) {
                    return block.toString();
                }
            }
            return block.toString();
        }
    }
}
