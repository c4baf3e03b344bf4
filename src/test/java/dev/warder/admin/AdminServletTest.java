package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialState;
import dev.warder.testkit.LogCapture;
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
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
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

    @ParameterizedTest
    @ValueSource(strings = {"administrators-token", "admin-", "wrong"})
    void takesNoOtherToken(String presented) throws Exception {
        for (var path : List.of("/admin/credentials", "/admin/drain", "/admin/other")) {
            var answer = ask("GET", path, presented);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer realm=\"warder\"");
            assertThat(answer.body()).contains("\"authentication_error\"").doesNotContain(presented + "\"");
        }
    }

    @Test
    void answersAGuessAfterItsDelayWhileTheRightTokenIsServed() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(ask("GET", "/admin/credentials", "wrong").statusCode()).isEqualTo(401);
        }
        var request = HttpRequest.newBuilder(site.uri("/admin/credentials")).header("authorization", "Bearer wrong");
        var delayed = client.sendAsync(request.build(), BodyHandlers.ofString());
        assertThat(ask("GET", "/admin/credentials", AdminSite.TOKEN).statusCode())
                .isEqualTo(200);
        assertThat(delayed).isNotDone();
        site.nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        while (!delayed.isDone()) {
            // The request may still be on its way.
            site.nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            site.throttle.tick();
            Thread.onSpinWait();
        }
        assertThat(delayed.get().statusCode()).isEqualTo(401);
    }

    @Test
    void leavesOneLineForEachAction() throws Exception {
        try (var log = LogCapture.start()) {
            ask("POST", "/admin/credentials/main/login", AdminSite.TOKEN);
            ask("GET", "/admin/credentials/callback?code=c&state=" + ScriptedControl.STATE, AdminSite.TOKEN);
            ask("POST", "/admin/credentials/main/refresh", AdminSite.TOKEN);
            ask("POST", "/admin/credentials/main/logout", AdminSite.TOKEN);
            site.control.fail("the endpoint is away");
            ask("POST", "/admin/credentials/main/refresh", AdminSite.TOKEN);
            ask("POST", "/admin/drain", AdminSite.TOKEN);
            var browser = new Browser();
            browser.post(site.uri("/admin/login"), Map.of("token", AdminSite.TOKEN));
            var form = Browser.formOf(browser.get(site.uri("/admin/credentials")));
            browser.post(site.uri("/admin/credentials/main/login"), form);
            browser.post(site.uri("/admin/logout"), form);
            assertThat(log.lines("dev.warder.admin", Level.INFO).stream()
                            .filter(line -> line.text().contains("action="))
                            .map(line -> line.text().replaceFirst("id=req_wrd_[a-z2-7]{26} ", "")))
                    .containsExactly(
                            "action=login credential=main by=token from=127.0.0.1 result=done",
                            "action=login-callback credential=main by=token from=127.0.0.1 result=done",
                            "action=refresh credential=main by=token from=127.0.0.1 result=done",
                            "action=logout credential=main by=token from=127.0.0.1 result=done",
                            "action=refresh credential=main by=token from=127.0.0.1 result=failed",
                            "action=drain credential=- by=token from=127.0.0.1 result=done",
                            "action=sign-in credential=- by=token from=127.0.0.1 result=done",
                            "action=login credential=main by=session from=127.0.0.1 result=done",
                            "action=sign-out credential=- by=session from=127.0.0.1 result=done");
        }
    }

    @Test
    void showsEveryCredentialAsJson() throws Exception {
        var answer = ask("GET", "/admin/credentials", AdminSite.TOKEN);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        var credentials = json(answer).getJsonArray("credentials");
        assertThat(credentials).hasSize(2);
        var main = credentials.getJsonObject(0);
        assertThat(main.getString("name")).isEqualTo("main");
        assertThat(main.getString("kind")).isEqualTo("oauth");
        assertThat(main.getBoolean("usable")).isTrue();
        assertThat(main.getBoolean("renewable")).isTrue();
        assertThat(main.getString("token")).isEqualTo("sk-planted…t9Kw");
        assertThat(main.getString("expiresAt")).isEqualTo("2026-11-21T02:05:00Z");
        assertThat(main.getInt("expiresInSeconds")).isEqualTo(7500);
        assertThat(main.getString("lastRefresh")).isEqualTo("2026-11-20T23:57:00Z");
        var team = credentials.getJsonObject(1);
        assertThat(team.toString())
                .isEqualTo("{\"name\":\"team\",\"kind\":\"api-key\",\"usable\":false,"
                        + "\"reason\":\"benched after 429\",\"retryAfterSeconds\":90,\"renewable\":false}");
    }

    @Test
    void showsACredentialWhoseStoreCannotBeRead() throws Exception {
        site.control.fail("the file cannot be read");
        var main = json(ask("GET", "/admin/credentials", AdminSite.TOKEN))
                .getJsonArray("credentials")
                .getJsonObject(0);
        assertThat(main.getString("lastError")).isEqualTo("the file cannot be read");
        assertThat(main.getBoolean("renewable")).isTrue();
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

    @ParameterizedTest
    @CsvSource({
        "GET,    /admin/other,                  404, ''",
        "POST,   /admin/,                       405, 'GET, HEAD'",
        "GET,    /admin/,                       404, ''",
        "GET,    /admin/Drain,                  404, ''",
        "POST,   /admin/drain/x,                404, ''",
        "POST,   /admin/credentials/team/login, 404, ''",
        "GET,    /admin/drain,                  405, POST",
        "HEAD,   /admin/credentials/callback,   405, GET",
        "POST,   /admin/credentials,            405, 'GET, HEAD'",
        "DELETE, /admin/credentials/main/login, 405, POST",
        "GET,    /admin/login,                  405, POST",
        "HEAD,   /admin/credentials,            200, ''"
    })
    void servesEachPathByItsMethods(String method, String path, int status, String allow) throws Exception {
        var answer = ask(method, path, AdminSite.TOKEN);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("allow").orElse("")).isEqualTo(allow);
        assertThat(site.control.asked()).isEmpty();
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
                seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)));
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
