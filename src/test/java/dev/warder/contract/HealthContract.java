package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Health as load balancers and orchestrators ask for it, in the form of MicroProfile Health. */
@OnEachContainer
class HealthContract extends GroundContract {
    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/ready", "/health/readiness", "/health/live", "/health/liveliness"})
    void isWellWhenConfigured(String path) throws Exception {
        var document = document(ask(Setup.TOKEN_KEY, path), 200, "UP");
        assertThat(document.getJsonArray("checks")).isNotEmpty().allSatisfy(check -> {
            assertThat(check.asJsonObject().getString("status")).isEqualTo("UP");
            assertThat(check.asJsonObject().getString("name")).isNotEmpty();
            assertThat(check.asJsonObject()).doesNotContainKey("data");
        });
    }

    @Test
    void sendsTheseBytes() throws Exception {
        assertThat(ask(Setup.UNSET, "/health/live").text())
                .isEqualTo("{\"status\":\"UP\",\"checks\":[{\"name\":\"application\",\"status\":\"UP\"}]}");
        assertThat(ask(Setup.TOKEN_NOTHING, "/health/ready").text())
                .startsWith("{\"status\":\"DOWN\",\"checks\":[{\"name\":\"clients\",\"status\":\"UP\"},"
                        + "{\"name\":\"upstream-credential\",\"status\":\"DOWN\",\"data\":{\"reason\":\"")
                .endsWith("},{\"name\":\"accepting\",\"status\":\"UP\"}]}");
    }

    @ParameterizedTest
    @CsvSource({"UNSET, clients, clients.token", "TOKEN_NOTHING, upstream-credential, upstream.credentials"})
    void isNotReadyWithoutASettingAndNamesIt(Setup setup, String check, String name) throws Exception {
        for (var path : new String[] {"/health", "/health/ready", "/health/readiness"}) {
            var document = document(ask(setup, path), 503, "DOWN");
            var down = document.getJsonArray("checks").stream()
                    .map(value -> value.asJsonObject())
                    .filter(each -> each.getString("status").equals("DOWN"))
                    .collect(Collectors.toMap(each -> each.getString("name"), each -> each.getJsonObject("data")
                            .getString("reason")));
            assertThat(down).containsOnlyKeys(check);
            assertThat(down.get(check)).contains(name);
        }
        for (var path : new String[] {"/health/live", "/health/liveliness"}) {
            document(ask(setup, path), 200, "UP");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TOKEN_NONE", "OPEN_NONE", "OPEN_KEY_ONLY"})
    void isReadyWhereSomeRequestCanSucceed(Setup setup) throws Exception {
        document(ask(setup, "/health/ready"), 200, "UP");
    }

    /** Two keys, of which the upstream refused none: only the names are at stake. */
    @Test
    void showsNamesToKnownCallersOnly() throws Exception {
        var container = ground.container("named", named());
        for (var presented : List.of("x-api-key: wrong", "Authorization: Bearer wrong", "X-Nothing: x")) {
            assertThat(credentials(container, presented)).containsExactly("credential-1", "credential-2");
        }
        for (var presented : List.of(
                "x-api-key: " + ACCESS_TOKEN,
                "X-Warder-Token: " + ACCESS_TOKEN,
                "Authorization: Bearer " + ACCESS_TOKEN,
                "Authorization: Bearer " + ADMIN_TOKEN)) {
            assertThat(credentials(container, presented)).containsExactly("credential-alpha", "credential-beta");
        }
        var always = ground.container("always", named().with("health.details", "always"));
        assertThat(credentials(always, "X-Nothing: x")).containsExactly("credential-alpha", "credential-beta");
    }

    private Deployment named() {
        return ground.guarded()
                .with("upstream.credentials", "alpha=jndi:warder/secret.key; beta=jndi:warder/secret.key")
                .withJndi("warder/secret.key", MANAGED_KEY)
                .withSecret("admin.token", ADMIN_TOKEN);
    }

    private static List<String> credentials(Container container, String field) throws Exception {
        var parts = field.split(": ", 2);
        var answer = send(container, request(container, "GET", "/health/ready").field(parts[0], parts[1]));
        return document(answer, 200, "UP").getJsonArray("checks").stream()
                .map(each -> each.asJsonObject().getString("name"))
                .filter(name -> name.startsWith("credential-"))
                .toList();
    }

    @Test
    void knowsNoOtherChecksAndNeedsNoToken() throws Exception {
        for (var path : new String[] {"/health/", "/health/other", "/health/live/x"}) {
            Answers.refused(ask(Setup.UNSET, path), 404);
        }
        var container = Setup.TOKEN_KEY.on(ground);
        ok(container, request(container, "GET", "/health").field("x-api-key", "wrong-" + "x".repeat(20)));
        ok(container, request(container, "HEAD", "/health/ready"));
    }

    /** Tomcat asks the servlet itself what it serves, outside of the application's class loader, and anyone can ask. */
    @Test
    void outlivesATraceAsItsFirstRequest() throws Exception {
        var fresh = ground.container("traced", ground.usual());
        for (var path : new String[] {"/health", "/api/hello"}) {
            assertThat(send(fresh, request(fresh, "TRACE", path)).status())
                    .as(path)
                    .isIn(403, 405);
            assertStatus(200, send(fresh, request(fresh, "GET", path)));
        }
    }

    private RawResponse ask(Setup setup, String path) throws Exception {
        var container = setup.on(ground);
        return send(container, request(container, "GET", path));
    }

    private static JsonObject document(RawResponse answer, int status, String word) {
        assertStatus(status, answer);
        assertFields(answer.fields(), "content-type", "application/json", "cache-control", "no-store");
        var document = Answers.json(answer);
        assertThat(document.keySet()).containsExactlyInAnyOrder("status", "checks");
        assertThat(document.getString("status")).isEqualTo(word);
        return document;
    }
}
