package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialState;
import dev.warder.testkit.ScriptedControl;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServletTest {
    private final AdminSite site;
    private final HttpClient client = HttpClient.newHttpClient();

    AdminServletTest() throws Exception {
        site = new AdminSite(URI.create("http://login.example/authorize"));
    }

    @AfterEach
    void stop() throws Exception {
        site.stop();
    }

    @Test
    void tellsAProgramWhereToLogInAndTakesTheCodeFromIt() throws Exception {
        var begun = ask("POST", "/admin/credentials/main/login", AdminSite.TOKEN);
        assertThat(begun.statusCode()).isEqualTo(200);
        assertThat(begun.headers().allValues("set-cookie")).isEmpty();
        assertThat(json(begun).getString("authorizeUrl")).endsWith("state=" + ScriptedControl.STATE);
        var ended = ask("GET", "/admin/credentials/callback?code=c&state=" + ScriptedControl.STATE, AdminSite.TOKEN);
        assertThat(ended.statusCode()).isEqualTo(200);
        assertThat(json(ended).getString("name")).isEqualTo("main");
        assertThat(site.control.asked()).containsExactly("beginLogin", "finishLogin c " + ScriptedControl.STATE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refresh", "logout"})
    void actsWithoutAFormForTheTokenItself(String action) throws Exception {
        var answer = ask("POST", "/admin/credentials/main/" + action, AdminSite.TOKEN);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).getString("name")).isEqualTo("main");
        assertThat(site.control.asked()).containsExactly(action);
    }

    @Test
    void tellsAProgramWhyItFailed() throws Exception {
        site.control.fail("the endpoint said invalid_grant");
        var refresh = ask("POST", "/admin/credentials/main/refresh", AdminSite.TOKEN);
        assertThat(refresh.statusCode()).isEqualTo(502);
        assertThat(refresh.headers().firstValue("x-should-retry")).contains("false");
        assertThat(json(refresh).getJsonObject("error").getString("message"))
                .isEqualTo("\"main\" was not renewed: the endpoint said invalid_grant");
        var callback = ask("GET", "/admin/credentials/callback?code=c&state=s", AdminSite.TOKEN);
        assertThat(callback.statusCode()).isEqualTo(400);
        assertThat(json(callback).getJsonObject("error").getString("type")).isEqualTo("invalid_request_error");
    }

    /** No memory is taken for a body that cannot be used; the next one would be too large. */
    @ParameterizedTest
    @CsvSource({"clients, 65537", "import, 12582913"})
    void isRefusedWithoutADatabaseBeforeItsBodyIsKept(String path, int length) throws Exception {
        var request = HttpRequest.newBuilder(site.uri("/admin/api/" + path))
                .POST(BodyPublishers.ofByteArray(new byte[length]))
                .header("authorization", "Bearer " + AdminSite.TOKEN);
        var answer = client.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(json(answer).getJsonObject("error").getString("message"))
                .isEqualTo("There is no database: bind jdbc/warder, or with java -jar set data.dir or database.url.");
    }

    @ParameterizedTest
    @CsvSource({
        "2, false, 30, UP,   UP",
        "2, false, -1, UP,   UP",
        "1, false, 30, UP,   UP",
        "1, false, -1, DOWN, DOWN",
        "1, true,  -1, UP,   UP"
    })
    void isNotReadyOnlyWhenTheOnlyCredentialNeedsAnOperator(
            int number, boolean usable, int seconds, String check, String all) throws Exception {
        var state = new CredentialState(
                "main",
                CredentialSource.Kind.OAUTH,
                usable,
                usable ? Optional.empty() : Optional.of("log in again"),
                seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)),
                List.of(),
                false,
                Optional.empty());
        site.states.set(number == 1 ? List.of(state) : List.of(state, AdminSite.BENCHED));
        var answer = ask("GET", "/health/ready", AdminSite.TOKEN);
        assertThat(json(answer).getString("status")).isEqualTo(all);
        var entry = json(answer).getJsonArray("checks").stream()
                .map(each -> each.asJsonObject())
                .filter(each -> each.getString("name").equals("credential-main"))
                .findFirst()
                .orElseThrow();
        assertThat(entry.getString("status")).isEqualTo(check);
        if (usable) {
            assertThat(entry).doesNotContainKey("data");
        } else {
            assertThat(entry.getJsonObject("data").getString("reason")).isEqualTo("log in again");
        }
        for (var token : List.of("wrong", "")) {
            var plain = ask("GET", "/health/ready", token);
            assertThat(json(plain).getString("status")).isEqualTo(all);
            assertThat(plain.body())
                    .contains("{\"name\":\"credential-1\",\"status\":\"" + check + "\"}")
                    .doesNotContain("main", "team", "log in again", "benched");
        }
    }

    private HttpResponse<String> ask(String method, String path, String token) throws Exception {
        var request = HttpRequest.newBuilder(site.uri(path))
                .method(method, BodyPublishers.noBody())
                .header("authorization", "Bearer " + token);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonObject json(HttpResponse<String> answer) {
        try (var reader = Json.createReader(new StringReader(answer.body()))) {
            return reader.readObject();
        }
    }
}
