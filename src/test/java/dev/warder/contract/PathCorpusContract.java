package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Call;
import dev.warder.http.ManagedAccess;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Mutated paths and odd methods, in two context paths: without a token none reaches a handler, and with one none reaches
 * another handler, or another path upstream, than {@link RequestTarget} and {@link Route} say.
 */
abstract class PathCorpusContract extends GroundContract {
    private static final int COUNT = Boolean.getBoolean("warder.long") ? 100_000 : 10_000;
    private static final List<String> METHODS = List.of(
            "GET",
            "POST",
            "GET",
            "POST",
            "HEAD",
            "PUT",
            "PATCH",
            "DELETE",
            "OPTIONS",
            "TRACE",
            "TRACK",
            "CONNECT",
            "PROPFIND",
            "post",
            "FOO");
    private static final List<String> OVERRIDES = List.of(
            "X-HTTP-Method-Override: DELETE",
            "X-Original-URL: /health",
            "X-Rewrite-URL: /health",
            "X-Forwarded-Prefix: /health",
            "Authorization: Basic dTpw",
            "x-api-key: wrong-" + "token".repeat(4),
            "X-Forwarded-For: 127.0.0.1");

    private final long seed = Long.getLong("warder.seed", System.nanoTime());

    private @Nullable RawClient client;
    private @Nullable Container connected;

    PathCorpusContract(Container.Starter starter) {
        super(starter);
    }

    @BeforeEach
    final void answerHeadWithoutABody() {
        ground.log().level("dev.warder", Level.WARNING).level("org", Level.WARNING);
        ground.upstream().script((request, reply) -> {
            if (request.method().equals("HEAD")) {
                reply.length(2);
            } else {
                reply.json(200, "{}");
            }
        });
    }

    @Test
    void leadsWhereItWasDecidedOrNowhere() throws Exception {
        System.out.println("path corpus: warder.seed=" + seed + ", " + COUNT + " requests");
        var random = new Random(seed);
        var corpus = new PathCorpus(random);
        var containers = List.of(ground.container(), ground.container("", ground.usual()));
        for (int i = 0; i < COUNT; i++) {
            var container = containers.get(i / 500 % 2);
            var method = METHODS.get(random.nextInt(METHODS.size()));
            var target = target(container, corpus.next(), random);
            try {
                if (random.nextBoolean()) {
                    isRefused(container, method, target, OVERRIDES.get(random.nextInt(OVERRIDES.size())));
                } else {
                    leadsWhereItWasDecided(container, method, target);
                }
            } catch (AssertionError | RuntimeException wrong) {
                throw new AssertionError("seed " + seed + ", request " + i + ": " + method + " " + target, wrong);
            }
        }
        drop();
    }

    private void isRefused(Container container, String method, String target, String line) throws Exception {
        int colon = line.indexOf(':');
        var answer =
                send(container, request(method, target).field(line.substring(0, colon), line.substring(colon + 2)));
        boolean free = call(container, method, target)
                .filter(call -> call.route().isPublic(method) && call.route() != Route.ADMIN)
                .isPresent();
        if (!free && !isContainersOwn(method, target, answer)) {
            assertThat(answer.map(RawResponse::status).orElse(400)).isGreaterThanOrEqualTo(400);
        }
        assertThat(ground.upstream().requests()).isEmpty();
    }

    private void leadsWhereItWasDecided(Container container, String method, String target) throws Exception {
        var answer = send(container, request(method, target).field("X-Warder-Token", ACCESS_TOKEN));
        int status = answer.map(RawResponse::status).orElse(400);
        var call = call(container, method, target);
        var sent = ground.upstream().requests();
        if (!sent.isEmpty()) {
            assertThat(sent).hasSize(1);
            assertThat(call).isPresent();
            assertThat(call.get().managedAccess()).isNotEqualTo(ManagedAccess.NEVER);
            assertThat(sent.get(0).method()).isEqualTo(method);
            if (call.get().route() == Route.CHAT_MODELS) {
                assertThat(sent.get(0).path()).startsWith("/v1/models");
            } else {
                assertThat(sent.get(0).target()).isEqualTo(upward(call.get()));
            }
            ground.upstream().clear();
            answerHeadWithoutABody();
        } else if (status < 400 && !isContainersOwn(method, target, answer)) {
            assertThat(call.map(found -> found.route().isPublic(method))).contains(true);
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

    /** The decision about a target, made without any container; empty when it is ambiguous or not below the context. */
    private static Optional<Call> call(Container container, String method, String target) {
        var path = target.replaceFirst("(?i)^http://[^/?#]*", "");
        int mark = path.indexOf('?');
        var uri = mark < 0 ? path : path.substring(0, mark);
        var query = Optional.of(path).filter(any -> mark >= 0).map(any -> any.substring(mark + 1));
        return RequestTarget.parse(uri.isEmpty() ? "/" : uri, query, container.contextPath())
                .map(clear -> Call.of("id", method, clear, Route.of(clear.path()), () -> 0));
    }

    /** Tomcat's response for the whole server (RFC 9110, section 9.3.7), and Jetty's redirect of an empty path. */
    private static boolean isContainersOwn(String method, String target, Optional<RawResponse> answer) {
        boolean redirect = answer.filter(found -> found.status() / 100 == 3)
                .filter(found -> !found.fields().has("X-Warder-Request-Id"))
                .isPresent();
        return redirect || method.equals("OPTIONS") && target.startsWith("*");
    }

    private static String target(Container container, String target, Random random) {
        boolean below = target.startsWith("/") && random.nextInt(20) > 0;
        return below ? container.contextPath() + target : target;
    }

    /** Bytes of UTF-8 as they would stand on the wire. */
    private static RawRequest request(String method, String target) {
        var raw = new String(target.getBytes(UTF_8), ISO_8859_1);
        var request = RawRequest.of(method, raw).field("anthropic-version", "2023-06-01");
        return method.equals("POST") ? request.json("{\"model\":\"m\"}") : request;
    }

    private Optional<RawResponse> send(Container container, RawRequest request) throws IOException {
        if (connected != container) {
            drop();
        }
        var open = client == null ? RawClient.connect(container.baseUri()) : client;
        client = open;
        connected = container;
        try {
            var answer = open.exchange(request);
            if (answer.truncated() || answer.fields().lists("Connection", "close") || answer.status() == 400) {
                drop();
            }
            return Optional.of(answer);
        } catch (IOException closed) {
            drop();
            return Optional.empty();
        }
    }

    private void drop() throws IOException {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
