package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.TokenServer;
import java.io.IOException;
import java.util.Locale;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recipes of the page about moving from other gateways: their settings, and each request that they list. */
class MigratingContract extends OAuthGroundContract {
    private static final String MODEL = "claude-sonnet-5-5";

    static Stream<Recipe> recipes() throws IOException {
        return Recipe.ofPage().stream();
    }

    @Test
    void hasARecipeForEachKindOfGateway() throws Exception {
        assertThat(recipes()).hasSize(4).allSatisfy(recipe -> {
            assertThat(recipe.settings()).hasSizeGreaterThanOrEqualTo(4);
            assertThat(recipe.rows()).hasSizeGreaterThanOrEqualTo(5);
        });
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void behavesAsThePageSays(Recipe recipe) throws Exception {
        var name = "recipe-" + recipe.name().toLowerCase(Locale.ROOT).replaceAll("\\W+", "-");
        store(name, login(1, FAR));
        var container = deploy(name, deployment(recipe, name));
        for (var row : recipe.rows()) {
            ground.upstream().clear();
            ground.log().clear();
            ground.upstream().script((request, reply) -> reply.json(200, Messages.message("Hello")));
            check(container, row);
        }
    }

    private Deployment deployment(Recipe recipe, String name) {
        var deployment = ground.bare();
        for (var setting : recipe.settings()) {
            var value = setting.value()
                    .replace("env:WARDER_TOKEN", "jndi:warder/secret.token")
                    .replace("env:ANTHROPIC_KEY", "jndi:warder/secret.key")
                    .replace(
                            "https://login.example.com/oauth/token",
                            server.url().toString())
                    .replace("file:/var/lib/warder/login", "file:" + store(name));
            deployment = deployment.with(setting.name(), value);
        }
        return deployment
                .withJndi("warder/secret.token", Contract.ACCESS_TOKEN)
                .withJndi("warder/secret.key", Contract.MANAGED_KEY);
    }

    private void check(Container container, Recipe.Row row) throws Exception {
        var answer = Ground.send(container, request(container, row));
        var result = row.result();
        if (result.matches("\\d{3}")) {
            assertThat(answer.status()).as("%s: %s", row, answer).isEqualTo(Integer.parseInt(result));
            assertThat(ground.upstream().requests()).isEmpty();
            return;
        }
        assertThat(answer.status()).as("%s: %s", row, answer).isEqualTo(200);
        var sent = ground.upstream().take();
        assertThat(sent.target()).as("%s", row).isEqualTo("/v1/messages");
        if (result.startsWith("model ")) {
            assertThat(sent.text()).as("%s", row).contains("\"model\":\"" + result.substring(6) + "\"");
        } else {
            var field = Recipe.Named.parse(result, ": ");
            var other = field.name().equals("x-api-key") ? "authorization" : "x-api-key";
            assertThat(sent.fields().values(field.name())).as("%s", row).containsExactly(value(field.value()));
            assertThat(sent.fields().has(other)).as("%s", row).isFalse();
        }
        assertThat(sent.fields().values("Host"))
                .containsExactly(ground.upstream().uri().getAuthority());
        line(Level.FINE, row.log() + " for request " + id(answer));
    }

    private RawRequest request(Container container, Recipe.Row row) {
        var request = Ground.request(container, row.method(), row.path());
        row.fields().forEach(field -> request.field(field.name(), value(field.value())));
        var model = row.model().orElse(MODEL);
        return row.method().equals("GET")
                ? request
                : request.json("{\"model\":\"" + model
                        + "\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
    }

    /** The page's word for a credential, as one. */
    private static String value(String text) {
        return text.replace("OWN_KEY", Contract.OWN_KEY)
                .replace("OWN_LOGIN", Contract.OWN_OAUTH)
                .replace("MANAGED_KEY", Contract.MANAGED_KEY)
                .replace("STORED_LOGIN", TokenServer.foreign(1))
                .replace("TOKEN", Contract.ACCESS_TOKEN);
    }
}
