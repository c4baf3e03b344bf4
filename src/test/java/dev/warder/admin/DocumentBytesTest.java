package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialState;
import dev.warder.credential.CredentialState.HeldModel;
import dev.warder.testkit.ScriptedControl;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The documents of health and of {@code /admin}, byte for byte: members, their order, and what is left out. */
class DocumentBytesTest {
    private static final String HOSTILE = "<script>alert('x')</script>\\\"&";
    private static final String MAIN = "{\"name\":\"main\",\"kind\":\"oauth\",\"usable\":true,\"renewable\":true,"
            + "\"place\":\"file " + HOSTILE + "\",\"account\":\"account " + HOSTILE + "\","
            + "\"scopes\":[\"user:inference\",\"" + HOSTILE + "\"],\"token\":\"sk-planted…t9Kw\","
            + "\"expiresAt\":\"2026-11-21T02:05:00Z\",\"expiresInSeconds\":7500,"
            + "\"lastRefresh\":\"2026-11-20T23:57:00Z\","
            + "\"lastError\":\"the token endpoint said " + HOSTILE + "\"}";
    private static final String TEAM = "{\"name\":\"team\",\"kind\":\"api-key\",\"usable\":false,"
            + "\"reason\":\"benched after 429\",\"retryAfterSeconds\":90,\"renewable\":false}";

    private final AdminSite site;
    private final HttpClient client = HttpClient.newHttpClient();

    DocumentBytesTest() throws Exception {
        site = new AdminSite(URI.create("http://login.example/authorize"));
    }

    @AfterEach
    void stop() throws Exception {
        site.stop();
    }

    @Test
    void credentials() throws Exception {
        assertThat(admin("GET", "")).isEqualTo("200 {\"credentials\":[" + MAIN + "," + TEAM + "]}");
        site.states.set(List.of());
        assertThat(admin("GET", "")).isEqualTo("200 {\"credentials\":[]}");
    }

    @Test
    void credentialWithHeldModels() throws Exception {
        site.states.set(List.of(new CredentialState(
                "team",
                CredentialSource.Kind.BEARER,
                true,
                Optional.empty(),
                Optional.empty(),
                List.of(
                        new HeldModel("claude-a", "benched for 42 s after 429", Duration.ofSeconds(42)),
                        new HeldModel("b\\u0007\n\u00fc\ud83d\ude00", "x", Duration.ZERO)),
                false,
                Optional.empty())));
        assertThat(admin("GET", ""))
                .isEqualTo(
                        "200 {\"credentials\":[{\"name\":\"team\",\"kind\":\"bearer\",\"usable\":true,\"heldModels\":["
                                + "{\"model\":\"claude-a\",\"reason\":\"benched for 42 s after 429\",\"retryAfterSeconds\":42},"
                                + "{\"model\":\"b\\\\u0007\\n\u00fc\ud83d\ude00\",\"reason\":\"x\",\"retryAfterSeconds\":0}],"
                                + "\"renewable\":false}]}");
    }

    @Test
    void credentialWhoseStoreCannotBeRead() throws Exception {
        site.control.fail("the file cannot be read");
        assertThat(admin("GET", ""))
                .isEqualTo("200 {\"credentials\":[{\"name\":\"main\",\"kind\":\"oauth\",\"usable\":true,"
                        + "\"renewable\":true,\"lastError\":\"the file cannot be read\"}," + TEAM + "]}");
    }

    @Test
    void outcomesOfActions() throws Exception {
        assertThat(admin("POST", "/main/login"))
                .isEqualTo("200 {\"authorizeUrl\":\"http://login.example/authorize?state=" + ScriptedControl.STATE
                        + "\"}");
        assertThat(admin("POST", "/main/refresh")).isEqualTo("200 " + MAIN);
        assertThat(send("POST", "/admin/drain", AdminSite.TOKEN))
                .isEqualTo("202 {\"status\":\"draining\",\"openExchanges\":0}");
    }

    @Test
    void alive() throws Exception {
        assertThat(send("GET", "/health/live", ""))
                .isEqualTo("200 {\"status\":\"UP\",\"checks\":[{\"name\":\"application\",\"status\":\"UP\"}]}");
    }

    @Test
    void ready() throws Exception {
        assertThat(send("GET", "/health/ready", ""))
                .isEqualTo(
                        "200 " + ready("UP", up("database"), up("credential-1"), up("credential-2"), up("accepting")));
        assertThat(send("GET", "/health", AdminSite.TOKEN))
                .isEqualTo("200 "
                        + ready(
                                "UP",
                                up("database"),
                                up("credential-main"),
                                "{\"name\":\"credential-team\",\"status\":\"UP\",\"data\":{\"usable\":false,"
                                        + "\"reason\":\"benched after 429\",\"retryAfterSeconds\":90}}",
                                up("accepting")));
    }

    @Test
    void readyWithHeldModels() throws Exception {
        var held = List.of(
                new HeldModel("claude-a", "benched for 42 s after 429", Duration.ofSeconds(42)),
                new HeldModel("claude-b", "x", Duration.ZERO));
        site.states.set(List.of(new CredentialState(
                "a",
                CredentialSource.Kind.API_KEY,
                true,
                Optional.empty(),
                Optional.empty(),
                held,
                false,
                Optional.empty())));
        assertThat(send("GET", "/health/ready", AdminSite.TOKEN))
                .isEqualTo("200 "
                        + ready(
                                "UP",
                                up("database"),
                                "{\"name\":\"credential-a\",\"status\":\"UP\",\"data\":{\"heldModels\":"
                                        + "\"claude-a (benched for 42 s after 429), claude-b (x)\"}}",
                                up("accepting")));
    }

    @Test
    void notReady() throws Exception {
        site.databaseProblem.set(Optional.of("\"jdbc/warder\" \b\f\r\t\u0001\u001f\u007f\u2028/"));
        site.states.set(List.of(new CredentialState(
                "main",
                CredentialSource.Kind.OAUTH,
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false,
                Optional.empty())));
        site.readiness.drain();
        String accepting =
                "{\"name\":\"accepting\",\"status\":\"DOWN\",\"data\":{\"reason\":\"draining\",\"openExchanges\":0}}";
        assertThat(send("GET", "/health/ready", ""))
                .isEqualTo("503 " + ready("DOWN", down("database"), down("credential-1"), accepting));
        assertThat(send("GET", "/health/ready", AdminSite.TOKEN))
                .isEqualTo("503 "
                        + ready(
                                "DOWN",
                                "{\"name\":\"database\",\"status\":\"DOWN\",\"data\":{\"reason\":\"\\\"jdbc/warder\\\""
                                        + " \\b\\f\\r\\t\\u0001\\u001f\u007f\\u2028/\"}}",
                                "{\"name\":\"credential-main\",\"status\":\"DOWN\","
                                        + "\"data\":{\"usable\":false,\"reason\":\"It is out of use.\"}}",
                                accepting));
    }

    private static String ready(String status, String... checks) {
        return "{\"status\":\"" + status + "\",\"checks\":[" + up("clients") + "," + up("upstream-credential") + ","
                + String.join(",", checks) + "]}";
    }

    private static String up(String name) {
        return "{\"name\":\"" + name + "\",\"status\":\"UP\"}";
    }

    private static String down(String name) {
        return "{\"name\":\"" + name + "\",\"status\":\"DOWN\"}";
    }

    private String admin(String method, String path) throws Exception {
        return send(method, "/admin/credentials" + path, AdminSite.TOKEN);
    }

    private String send(String method, String path, String token) throws Exception {
        var request = HttpRequest.newBuilder(site.uri(path)).method(method, BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("authorization", "Bearer " + token);
        }
        HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        return response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8);
    }
}
