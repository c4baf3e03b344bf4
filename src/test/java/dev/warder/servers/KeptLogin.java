package dev.warder.servers;

import static dev.warder.servers.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;

/** A login of the operator's OAuth client in the server's DataSource, which outlives the deployment in which it was made. */
final class KeptLogin {
    private static final Duration LIMIT = Limit.seconds(10);
    private static final String PATH = "/admin/credentials";

    private final ServerGround ground;

    KeptLogin(ServerGround ground) {
        this.ground = ground;
    }

    /** A program logs in, requests use the token, and the next deployment uses the same one until it is renewed. */
    void servesTheNextDeploymentToo() throws IOException, InterruptedException {
        eventually(() -> "no login is stored", LIMIT, () -> !holdsToken() && !usable());
        logIn();
        assertThat(usable()).isTrue();
        var first = tokenThatStandsIn();
        assertThat(ground.tokens().knows(first)).isTrue();
        assertThat(shown().toString())
                .contains(first.substring(first.length() - 4))
                .doesNotContain(first);
        awaitReady();
        redeploy();
        assertThat(tokenThatStandsIn()).isEqualTo(first);
        assertThat(asked("POST", PATH + "/team/refresh").getBoolean("usable")).isTrue();
        assertThat(tokenThatStandsIn()).isNotEqualTo(first);
        assertThat(ground.tokens().refreshes().value()).isEqualTo(1);
        assertThat(ground.tokens().reuses().value()).isZero();
    }

    private void logIn() throws IOException {
        var begun = URI.create(asked("POST", PATH + "/team/login").getString("authorizeUrl"));
        var code = ground.tokens().code(parameter(begun, "code_challenge"));
        var ended = asked("GET", PATH + "/callback?code=" + code + "&state=" + parameter(begun, "state"));
        assertThat(ended.getString("name")).isEqualTo("team");
    }

    /** Waits for the end of the old deployment too: Jetty ends it after the new one's start, and gives it requests until then. */
    private void redeploy() throws IOException, InterruptedException {
        int starts = ground.server().count("Warder is ready");
        int stops = ground.server().count("Warder has stopped");
        ground.server().redeploy();
        ground.server().awaitLog("Warder is ready", starts + 1);
        ground.server().awaitLog("Warder has stopped", stops + 1);
        awaitReady();
        eventually(() -> "the login is found", LIMIT, this::holdsToken);
    }

    private void awaitReady() throws InterruptedException {
        eventually(() -> "it is ready", LIMIT, () -> ground.server().well("/health/ready"));
    }

    /** The token that a message goes upstream with when the key before it is answered that there is too much to do. */
    private String tokenThatStandsIn() throws IOException, InterruptedException {
        ground.upstream().clear();
        ground.upstream().next((request, reply) -> reply.json(529, Messages.error("overloaded_error", "Overloaded")));
        var answer =
                ground.exchange(ground.authenticated("POST", "/v1/messages").json(ServerGround.MESSAGE));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(ground.upstream().take().fields().values("x-api-key")).containsExactly(ServerGround.MANAGED_KEY);
        var sent = ground.upstream().take().fields();
        assertThat(sent.values("x-api-key")).isEmpty();
        assertThat(sent.values("authorization")).singleElement().asString().startsWith("Bearer ");
        return sent.first("authorization").orElseThrow().substring("Bearer ".length());
    }

    /** Before the store was read it counts as usable. */
    private boolean usable() {
        return shown().getBoolean("usable");
    }

    private boolean holdsToken() {
        return shown().containsKey("token");
    }

    private JsonObject shown() {
        try {
            return asked("GET", PATH).getJsonArray("credentials").getValuesAs(JsonObject.class).stream()
                    .filter(each -> each.getString("name").equals("team"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private JsonObject asked(String method, String path) throws IOException {
        RawRequest request = ground.plain(method, path).field("Authorization", "Bearer " + ServerGround.ADMIN_TOKEN);
        var answer = ground.exchange(request);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return JsonTree.parseObject(answer.text()).orElseThrow();
    }

    private static String parameter(URI uri, String name) {
        return Stream.of(uri.getRawQuery().split("&"))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }
}
