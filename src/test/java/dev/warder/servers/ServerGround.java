package dev.warder.servers;

import static dev.warder.servers.Patience.pause;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Reply;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the contract stands on: a server with the deployed WAR, its upstream, and requests that it takes. */
final class ServerGround implements AutoCloseable {
    static final String PROMPT = "The operator says: be brief.";
    static final String STREAMING = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true,\"messages\":[]}";

    /** A managed key as the API makes them. */
    static final String MANAGED_KEY = "sk-" + "ant-api03-" + "managed0".repeat(5);

    /** The shared access token. */
    static final String ACCESS_TOKEN = "shared-" + "access0".repeat(4);

    /** An API key of a client's own. */
    static final String OWN_KEY = "sk-" + "ant-api03-" + "clients0".repeat(5);

    /** Comments are off, so that a silent stream is silent towards the server too. */
    private static final Map<String, String> SETTINGS = Map.of("prompt.text", PROMPT, "stream.keepAlive", "0s");

    private final ScriptedUpstream upstream;
    private final ServerProcess server;

    private ServerGround(ScriptedUpstream upstream, ServerProcess server) {
        this.upstream = upstream;
        this.server = server;
    }

    /** A server with the files of {@code conf/}, its secrets from JNDI, ready for requests. */
    static ServerGround start(Run run) throws IOException, InterruptedException {
        return start(run, Map.of());
    }

    /** The same with more values that the files of {@code conf/} ask for. */
    static ServerGround start(Run run, Map<String, String> more) throws IOException, InterruptedException {
        var upstream = ScriptedUpstream.plain();
        var values = new HashMap<>(values(upstream.uri()));
        values.putAll(more);
        var server = ServerProcess.start(run, values, SETTINGS);
        var ground = new ServerGround(upstream, server);
        try {
            server.awaitDeployed();
            return ground;
        } catch (AssertionError broken) {
            ground.close();
            throw broken;
        }
    }

    private static Map<String, String> values(URI upstream) {
        return Map.of(
                "WARDER_UPSTREAM_URL", upstream.toString(),
                "WARDER_UPSTREAM_KEY", MANAGED_KEY,
                "WARDER_CLIENTS_TOKEN", ACCESS_TOKEN);
    }

    ScriptedUpstream upstream() {
        return upstream;
    }

    ServerProcess server() {
        return server;
    }

    /** The server's and the upstream's port. */
    Set<Integer> ports() {
        return Set.of(server.site().port(), upstream.uri().getPort());
    }

    RawClient client() throws IOException {
        return RawClient.connect(server.site().baseUri());
    }

    /** A client that lets the sender feel early that it does not read. */
    RawClient clientWithSmallBuffer() throws IOException {
        return RawClient.connect(server.site().baseUri(), 1 << 20);
    }

    RawResponse exchange(RawRequest request) throws IOException {
        return RawClient.exchange(server.site().baseUri(), request);
    }

    /** A request below the context path without a token. */
    RawRequest plain(String method, String path) {
        return RawRequest.of(method, server.site().baseUri().getPath() + path);
    }

    /** The same with the access token. */
    RawRequest authenticated(String method, String path) {
        return plain(method, path).field("x-api-key", ACCESS_TOKEN);
    }

    /** A request for an event stream. */
    RawRequest streaming() {
        return authenticated("POST", "/v1/messages").json(STREAMING);
    }

    /** A script of an event each 50 ms for as long as somebody takes them. */
    static void endless(Object request, Reply reply) throws IOException, InterruptedException {
        reply.eventStream();
        while (true) {
            reply.chunk(Messages.delta("on and on"));
            pause(50);
        }
    }

    /** The events up to the proper end of the stream. */
    static List<RawEvent> rest(RawClient client) throws IOException {
        var events = new ArrayList<RawEvent>();
        for (var event = client.readEvent(); event.isPresent(); event = client.readEvent()) {
            events.add(event.get());
        }
        return events;
    }

    @Override
    public void close() throws IOException {
        try {
            server.close();
        } finally {
            upstream.close();
        }
    }
}
