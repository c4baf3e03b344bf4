package dev.warder.servers;

import static dev.warder.servers.Patience.pause;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Reply;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TokenServer;
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

    static final String MESSAGE = "{\"model\":\"claude-x\",\"max_tokens\":9,\"messages\":[]}";

    /** A managed key as the API makes them. */
    static final String MANAGED_KEY = "sk-" + "ant-api03-" + "managed0".repeat(5);

    /** The shared access token. */
    static final String ACCESS_TOKEN = "shared-" + "access0".repeat(4);

    /** An API key of a client's own. */
    static final String OWN_KEY = "sk-" + "ant-api03-" + "clients0".repeat(5);

    /** What opens {@code /admin}. */
    static final String ADMIN_TOKEN = "admin-" + "operator".repeat(4);

    /** What no log may hold: all of these, and what the tokens and codes of {@link TokenServer} have in common. */
    static final List<String> SECRETS = List.of(
            MANAGED_KEY,
            ACCESS_TOKEN,
            OWN_KEY,
            ADMIN_TOKEN,
            "ant-oat01-" + "a".repeat(24),
            "ant-ort01-" + "r".repeat(24),
            "code-of-a-login-");

    private final ScriptedUpstream upstream;
    private final TokenServer tokens;
    private final ServerProcess server;

    private ServerGround(ScriptedUpstream upstream, TokenServer tokens, ServerProcess server) {
        this.upstream = upstream;
        this.tokens = tokens;
        this.server = server;
    }

    /** A server with the files of {@code conf/}, its secrets from JNDI, ready for requests. */
    static ServerGround start(Run run) throws IOException, InterruptedException {
        return start(run, Map.of());
    }

    /** The same with more values that the files of {@code conf/} ask for. */
    static ServerGround start(Run run, Map<String, String> more) throws IOException, InterruptedException {
        return start(run, more, Map.of());
    }

    /** The same with further settings of Warder. */
    static ServerGround start(Run run, Map<String, String> more, Map<String, String> moreSettings)
            throws IOException, InterruptedException {
        var upstream = ScriptedUpstream.plain();
        var tokens = TokenServer.start();
        var values = new HashMap<>(values(upstream.uri()));
        values.putAll(more);
        var settings = new HashMap<>(settings(tokens.url()));
        settings.putAll(moreSettings);
        var server = ServerProcess.start(run, values, settings, "");
        var ground = new ServerGround(upstream, tokens, server);
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

    /**
     * Behind the key a login that is kept in the DataSource, which nobody has made yet. Comments are off, so that a silent
     * stream is silent towards the server too.
     */
    private static Map<String, String> settings(URI tokens) {
        return Map.ofEntries(
                Map.entry("prompt.text", PROMPT),
                Map.entry("openai.models", ChatCompletions.ALIAS + "=claude-sonnet-5-5"),
                Map.entry("stream.keepAlive", "0s"),
                Map.entry("upstream.credentials", Site.CREDENTIALS + ";team=oauth"),
                Map.entry("oauth.clientId", "warder-test"),
                Map.entry("oauth.authorizeUrl", "https://login.example/authorize"),
                Map.entry("oauth.redirectUri", "https://gateway.example/warder/admin/credentials/callback"),
                Map.entry("oauth.tokenUrl", tokens.toString()),
                Map.entry("oauth.store", "jdbc"),
                Map.entry("admin.token", "jndi:warder/secret.admin"),
                Map.entry("secret.admin", ADMIN_TOKEN));
    }

    ScriptedUpstream upstream() {
        return upstream;
    }

    /** The token endpoint of the login {@code team}. */
    TokenServer tokens() {
        return tokens;
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
            tokens.close();
            upstream.close();
        }
    }
}
