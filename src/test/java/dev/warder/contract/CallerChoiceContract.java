package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing in a request chooses the host that a credential goes to, and no form of {@code Host} changes a decision. */
class CallerChoiceContract extends SharedContract {
    /** What gateways call the address of an upstream, with the prefixes of their own fields. */
    private static final List<String> PREFIXES = List.of(
            "", "x-", "x-upstream-", "x-portkey-", "x-litellm-", "x-warder-", "anthropic-", "openai-", "helicone-");

    private static final List<String> WORDS = items(
            """
            api_base, api-base, apiBase, base_url, base-url, baseURL, custom-host, custom_host, upstream
            upstream_url, upstream-url, target-url, target_url, endpoint, api_endpoint, endpoint-url, provider_url
            provider-url, proxy_url, proxy-url, server_url, gateway_url, redirect_url, callback_url, webhook_url""");

    private static final List<String> NAMES = PREFIXES.stream()
            .flatMap(prefix -> WORDS.stream().map(word -> prefix + word))
            .toList();

    /** Few enough names for the containers' limits of 100 fields and of the head's length. */
    private static final int BATCH = 25;

    private final AtomicInteger strangers = new AtomicInteger();
    private ServerSocket elsewhere;

    @BeforeAll
    final void listenElsewhere() throws IOException {
        elsewhere = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.2"));
        var acceptor = new Thread(this::countConnections, "elsewhere");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    @AfterAll
    final void closeElsewhere() throws IOException {
        elsewhere.close();
    }

    @Test
    void sendsNothingToAnAddressThatARequestNames() throws Exception {
        assertThat(NAMES).doesNotHaveDuplicates().hasSizeGreaterThan(200);
        for (var target : List.of("/v1/messages", "/anthropic/v1/messages", "/v1/files", "/v1/chat/completions")) {
            for (int from = 0; from < NAMES.size(); from += BATCH) {
                var names = NAMES.subList(from, Math.min(NAMES.size(), from + BATCH));
                upstream.clear();
                var answer = exchange(gateway(), naming(target, names));
                assertThat(answer.status())
                        .as("%s with %s: %s", target, names, answer)
                        .isIn(200, 400);
                if (answer.status() == 200) {
                    assertThat(upstream.take().fields().values("Host")).containsExactly(authority());
                }
            }
        }
        assertThat(strangers.get())
                .as("connections to an address that only requests name")
                .isZero();
    }

    /** Shows that the listener of the test above would see a connection. */
    @Test
    void wouldSeeAConnectionToTheOtherAddress() throws Exception {
        int before = strangers.getAndSet(0);
        try (var client = RawClient.connect(URI.create(address()))) {
            eventually(() -> strangers.get() == 1);
            assertThat(client).isNotNull();
        }
        strangers.set(before);
    }

    static Stream<String> hosts() {
        var marks = List.of("/", "?", "#", "@", "\\", ";", "%2f", ":");
        var hosts = new ArrayList<String>();
        for (var mark : marks) {
            hosts.add("gateway.example" + mark + "health");
            hosts.add("gateway.example" + mark + "/v1/messages");
            hosts.add(mark + "health");
            hosts.add("health" + mark + "gateway.example");
        }
        hosts.addAll(List.of(
                "127.0.0.2",
                "169.254.169.254",
                "[::1]",
                "localhost:1",
                "gateway.example:99999",
                "a,b",
                "api.anthropic.com",
                "\"x\""));
        return hosts.stream();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void decidesTheSameWhateverTheHost(String host) throws Exception {
        var stranger = exchange(gateway(), hosted("POST", "/v1/messages", host));
        assertThat(stranger.status()).as("%s", stranger).isIn(400, 401);
        var administrator = exchange(gateway(), hosted("GET", "/admin/credentials", host));
        assertThat(administrator.status()).as("%s", administrator).isIn(400, 401, 404);
        assertThat(upstream.requests()).isEmpty();
        var known = hosted("POST", "/v1/messages", host).field("x-api-key", ACCESS_TOKEN);
        var answer = exchange(gateway(), known);
        assertThat(answer.status()).as("%s", answer).isIn(200, 400);
        if (answer.status() == 200) {
            var sent = upstream.take();
            assertThat(sent.target()).isEqualTo("/v1/messages");
            assertThat(sent.fields().values("Host")).containsExactly(authority());
        }
        assertThat(answer.toString()).doesNotContain("gateway.example", "169.254");
    }

    /** Caches and front ends key on the path: what stands in other fields must not come back in a response. */
    @Test
    void showsNoFieldOfTheRequestInAResponse() throws Exception {
        var nonce = "reflected-nonce";
        for (var target : Set.of("/v1/messages", "/nowhere", "/health", "/v1/messages/x.css", "/openai/v1/x")) {
            var request = post(target).json("{\"model\":\"claude-x\"}");
            for (var name : items(
                    """
                    X-Forwarded-Host, X-Forwarded-Proto, X-Forwarded-Prefix, X-Original-URL, X-Rewrite-URL, Origin
                    Referer, User-Agent, Accept-Language, Cookie, X-Request-Id, request-id, X-Warder-Request-Id
                    anthropic-beta""")) {
                request.field(name, nonce);
            }
            var answer = exchange(gateway(), request);
            assertThat(answer.toString()).doesNotContain(nonce);
            assertThat(answer.fields().values("Cache-Control")).as(target).containsExactly("no-store");
        }
        Refusal.check(exchange(gateway(), post("/v1/messages/x.css").json("{}")), 404);
    }

    private void countConnections() {
        try {
            while (true) {
                elsewhere.accept().close();
                strangers.incrementAndGet();
            }
        } catch (IOException closed) {
            // The class is done.
        }
    }

    private RawRequest naming(String target, List<String> names) {
        var query = new StringBuilder(target);
        var members = new StringBuilder();
        for (var name : names) {
            query.append(query.indexOf("?") < 0 ? '?' : '&').append(name).append('=');
            query.append(URLEncoder.encode(address(), StandardCharsets.UTF_8));
            members.append(",\"").append(name).append("\":\"").append(address()).append('"');
        }
        var request = post(query.toString());
        names.forEach(name -> request.field(name.startsWith("x-warder-") ? name + "-1" : name, address()));
        return request.json(
                "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]"
                        + members + ",\"metadata\":{\"user_id\":\"u\"" + members + "}}");
    }

    private RawRequest hosted(String method, String target, String host) {
        return RawRequest.bare(method, target).field("Host", host).json("{\"model\":\"claude-x\"}");
    }

    private String address() {
        return "http://127.0.0.2:" + elsewhere.getLocalPort() + "/v1";
    }

    private String authority() {
        return "127.0.0.1:" + upstream.uri().getPort();
    }
}
