package dev.warder.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Call;
import dev.warder.http.Call.ManagedAccess;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sends mutated targets with odd methods to running gateways, on kept connections. Without a token none reaches a handler;
 * with one none reaches another handler, or another path upstream, than {@link RequestTarget} and {@link Route} decide.
 * One thread at a time.
 */
final class PathProbe implements AutoCloseable {
    private static final List<String> METHODS = CommonGround.items(
            """
            GET, POST, GET, POST, HEAD, PUT, PATCH, DELETE, OPTIONS, TRACE, TRACK, CONNECT, PROPFIND, post, FOO""");
    private static final List<String> OVERRIDES = List.of(
            "X-HTTP-Method-Override: DELETE",
            "X-Original-URL: /health",
            "X-Rewrite-URL: /health",
            "X-Forwarded-Prefix: /health",
            "Authorization: Basic dTpw",
            "x-api-key: wrong-" + "token".repeat(4),
            "X-Forwarded-For: 127.0.0.1");

    /** What each of the APIs accepts. */
    private static final String MESSAGE =
            "{\"model\":\"claude-x\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

    private static final int EXCHANGES = 3;

    private final long seed = Long.getLong("warder.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final PathCorpus corpus;
    private final List<URI> gateways;
    private final ScriptedUpstream upstream;
    private final Map<String, Integer> statuses = new TreeMap<>();

    /** The last ones of the open connection, since a response may begin with what was left of the one before it. */
    private final Deque<String> exchanges = new ArrayDeque<>();

    private @Nullable RawClient client;
    private @Nullable URI connected;
    private int withoutToken;
    private int upstreamRequests;
    private int served;

    /**
     * Sets the script of {@code upstream}.
     *
     * @param gateways their base addresses, with the context path; each has {@code upstream} and the access token of
     *     {@link Contract}
     */
    PathProbe(List<URI> gateways, ScriptedUpstream upstream) throws IOException {
        this.corpus = new PathCorpus(random);
        this.gateways = List.copyOf(gateways);
        this.upstream = upstream;
        upstream.script((request, reply) -> {
            if (request.method().equals("HEAD")) {
                reply.length(2);
            } else {
                reply.json(200, "{}");
            }
        });
    }

    /** Sends this many requests, 500 to each gateway in turn, and prints the seed and what became of them. */
    void send(int count) throws Exception {
        System.out.println("path corpus: warder.seed=" + seed + ", " + count + " requests");
        for (int i = 0; i < count; i++) {
            var gateway = gateways.get(i / 500 % gateways.size());
            var method = METHODS.get(random.nextInt(METHODS.size()));
            var target = target(gateway, corpus.next());
            try {
                if (random.nextBoolean()) {
                    isRefused(gateway, method, target, OVERRIDES.get(random.nextInt(OVERRIDES.size())));
                } else {
                    leadsWhereItWasDecided(gateway, method, target);
                }
            } catch (AssertionError | RuntimeException wrong) {
                throw new AssertionError(
                        "seed " + seed + ", request " + i + ": " + method + " " + target + ", after " + exchanges,
                        wrong);
            }
        }
        System.out.println("path corpus: " + withoutToken + " without a token, of the others " + upstreamRequests
                + " went upstream and " + served + " were served here; statuses " + statuses);
    }

    private void isRefused(URI gateway, String method, String target, String line) throws Exception {
        int colon = line.indexOf(':');
        var response =
                send(gateway, request(method, target).field(line.substring(0, colon), line.substring(colon + 2)));
        var call = call(gateway, method, target);
        boolean free = call.filter(any -> any.route().isPublic(method) && any.route() != Route.ADMIN)
                .isPresent();
        withoutToken++;
        if (!free && !isContainersOwn(method, target, response)) {
            assertThat(response.map(RawResponse::status).orElse(400)).isGreaterThanOrEqualTo(400);
        }
        assertThat(upstream.requests()).isEmpty();
        comesFromTheDecidedServlet(call, method, response);
    }

    private void leadsWhereItWasDecided(URI gateway, String method, String target) throws Exception {
        var response = send(gateway, request(method, target).field("X-Warder-Token", Contract.ACCESS_TOKEN));
        int status = response.map(RawResponse::status).orElse(400);
        var call = call(gateway, method, target);
        var sent = upstream.requests();
        if (!sent.isEmpty()) {
            upstreamRequests++;
            assertThat(sent).hasSize(1);
            assertThat(call).isPresent();
            assertThat(call.get().managedAccess()).isNotEqualTo(ManagedAccess.NEVER);
            boolean isTranslated = call.get().route() == Route.CHAT_MODELS;
            assertThat(sent.get(0).method()).isEqualTo(isTranslated && method.equals("HEAD") ? "GET" : method);
            if (isTranslated) {
                assertThat(sent.get(0).path()).startsWith("/v1/models");
            } else {
                assertThat(sent.get(0).target()).isEqualTo(upward(call.get()));
            }
            upstream.clear();
        } else if (status < 400 && !isContainersOwn(method, target, response)) {
            served++;
            assertThat(call.map(found -> found.route().isPublic(method))).contains(true);
        }
        comesFromTheDecidedServlet(call, method, response);
    }

    /**
     * Of what needs no token only health has a body of this kind. A 500 would be a request that passed a filter and lacked
     * what that filter puts on it.
     */
    private static void comesFromTheDecidedServlet(Optional<Call> call, String method, Optional<RawResponse> response) {
        assertThat(response.map(RawResponse::status)).isNotEqualTo(Optional.of(500));
        if (method.equals("GET") && response.filter(any -> any.status() == 200).isPresent()) {
            boolean health = response.get().text().contains("\"checks\"");
            assertThat(health)
                    .isEqualTo(call.filter(any -> any.route() == Route.HEALTH).isPresent());
        }
    }

    /** What the decided path is called upstream. */
    private static String upward(Call call) {
        var target = call.target().pathAndQuery();
        return switch (call.route()) {
            case RAW -> {
                var below = target.substring("/anthropic".length());
                yield below.startsWith("/") ? below : "/" + below;
            }
            case CHAT ->
                target.substring(target.indexOf("/chat/completions")).replace("/chat/completions", "/v1/messages");
            default -> target;
        };
    }

    /**
     * The decision about a target, made without any container; empty when it is ambiguous or not below the context. Jetty
     * reads the path of an absolute form after any scheme, and without an authority too.
     */
    private static Optional<Call> call(URI gateway, String method, String target) {
        var path = target.replaceFirst("^[^/?#:]*:(?://[^/?#]*)?", "");
        int mark = path.indexOf('?');
        var uri = mark < 0 ? path : path.substring(0, mark);
        var query = Optional.of(path).filter(any -> mark >= 0).map(any -> any.substring(mark + 1));
        return RequestTarget.parse(uri.isEmpty() ? "/" : uri, query, gateway.getPath())
                .map(clear -> new Call("id", method, clear, Route.of(clear.path())));
    }

    /** Tomcat's response for the whole server (RFC 9110, section 9.3.7), and Jetty's redirect of an empty path. */
    private static boolean isContainersOwn(String method, String target, Optional<RawResponse> response) {
        boolean redirect = response.filter(found -> found.status() / 100 == 3)
                .filter(found -> !found.fields().has("X-Warder-Request-Id"))
                .isPresent();
        return redirect || method.equals("OPTIONS") && target.startsWith("*");
    }

    private String target(URI gateway, String target) {
        boolean below = target.startsWith("/") && random.nextInt(20) > 0;
        return below ? gateway.getPath() + target : target;
    }

    /** Bytes of UTF-8 as they would stand on the wire. */
    private static RawRequest request(String method, String target) {
        var raw = new String(target.getBytes(UTF_8), ISO_8859_1);
        var request = RawRequest.of(method, raw).field("anthropic-version", "2023-06-01");
        return method.equals("POST") ? request.json(MESSAGE) : request;
    }

    private Optional<RawResponse> send(URI gateway, RawRequest request) throws IOException {
        if (!gateway.equals(connected)) {
            close();
        }
        var open = client == null ? RawClient.connect(gateway) : client;
        client = open;
        connected = gateway;
        try {
            var response = open.exchange(request);
            note(request, response);
            statuses.merge(Integer.toString(response.status()), 1, Integer::sum);
            if (response.truncated() || response.fields().lists("Connection", "close") || response.status() == 400) {
                close();
            }
            return Optional.of(response);
        } catch (IOException closed) {
            statuses.merge("closed", 1, Integer::sum);
            close();
            return Optional.empty();
        }
    }

    private void note(RawRequest request, RawResponse response) {
        exchanges.addLast(new String(request.bytes(), ISO_8859_1) + response);
        if (exchanges.size() > EXCHANGES) {
            exchanges.removeFirst();
        }
    }

    @Override
    public void close() throws IOException {
        if (client != null) {
            client.close();
            client = null;
            exchanges.clear();
        }
    }
}
