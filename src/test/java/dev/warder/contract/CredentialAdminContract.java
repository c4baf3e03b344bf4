package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An administrator's browser looks after a login of the operator's OAuth client, from signing in to its first use. */
class CredentialAdminContract extends GroundContract {
    private static final String ACCESS = "sk-" + "ant-oat01-" + "c".repeat(40);
    private static final String REFRESH = "sk-" + "ant-ort01-" + "d".repeat(40);
    private static final String CODE = "code-" + "e".repeat(30);
    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    @Test
    void logsInByWayOfABrowserAndUsesTheTokenForTheNextRequest() throws Exception {
        var container = container("first");
        var session = signIn(container);
        var page = ok(container, browser(container, "GET", "/admin/credentials", session));
        assertThat(page.text()).contains("not usable", "<button aria-label=\"Log in main\">");
        var begun = Ground.send(container, form(container, "/admin/credentials/main/login", session, csrf(page)));
        assertThat(begun.status()).as(begun.toString()).isEqualTo(303);
        var location = URI.create(begun.fields().first("location").orElseThrow());
        assertThat(location.toString()).startsWith("https://login.example/authorize?");
        var state = query(location, "state");
        ground.upstream().on("/token", (request, reply) -> {
            reply.readBody();
            reply.json(
                    200,
                    "{\"access_token\":\"" + ACCESS + "\",\"refresh_token\":\"" + REFRESH
                            + "\",\"expires_in\":28800,\"scope\":\"user:inference\"}");
        });
        var callback = "/admin/credentials/callback?code=" + CODE + "&state=" + state;
        var back = ok(container, browser(container, "GET", callback, cookie(begun)));
        assertThat(back.text()).contains("&quot;main&quot; is logged in.").doesNotContain(ACCESS, CODE);
        var shown = Ground.send(container, browser(container, "GET", "/admin/credentials", session));
        assertThat(shown.text())
                .contains(
                        "sk-ant-o…cccc",
                        "user:inference",
                        folder.resolve("first").toString())
                .doesNotContain(ACCESS, REFRESH);
        assertThat(Files.readString(folder.resolve("first"))).contains(ACCESS);
        ground.upstream().clear();
        ground.upstream().next((request, reply) -> {
            reply.readBody();
            reply.json(200, "{}");
        });
        var used =
                ok(container, Ground.request(container, "GET", "/v1/models").field("x-api-key", Contract.ACCESS_TOKEN));
        assertThat(ground.upstream().take().fields().values("authorization")).containsExactly("Bearer " + ACCESS);
    }

    @Test
    void refusesAFormWithoutItsTokenAndOneOfAnotherSite() throws Exception {
        var container = container("second");
        var session = signIn(container);
        var csrf = csrf(Ground.send(container, browser(container, "GET", "/admin/credentials", session)));
        for (var action : new String[] {"login", "refresh", "logout"}) {
            var path = "/admin/credentials/main/" + action;
            assertThat(Ground.send(container, form(container, path, session, ""))
                            .status())
                    .isEqualTo(403);
            assertThat(Ground.send(container, form(container, path, session, "x" + csrf))
                            .status())
                    .isEqualTo(403);
            var foreign = form(container, path, session, csrf).field("Origin", "https://elsewhere.example");
            assertThat(Ground.send(container, foreign).status()).isEqualTo(403);
        }
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @Test
    void endsNoLoginWithAStateThatItDidNotMake() throws Exception {
        var container = container("third");
        var session = signIn(container);
        var page = Ground.send(container, browser(container, "GET", "/admin/credentials", session));
        var begun = Ground.send(container, form(container, "/admin/credentials/main/login", session, csrf(page)));
        var callback = "/admin/credentials/callback?code=" + CODE + "&state=other";
        var wrong = Ground.send(container, browser(container, "GET", callback, session + "; " + cookie(begun)));
        assertThat(wrong.status()).as(wrong.toString()).isEqualTo(400);
        assertThat(ground.upstream().requests()).isEmpty();
    }

    private Container container(String name) throws Exception {
        ground.log().plant(ACCESS, REFRESH, CODE);
        return ground.container(
                name,
                ground.guarded()
                        .withSecret("admin.token", ADMIN_TOKEN)
                        .with("passthrough", "false")
                        .with("upstream.credentials", "main=oauth")
                        .with("oauth.clientId", "warder-test")
                        .with("oauth.authorizeUrl", "https://login.example/authorize")
                        .with("oauth.redirectUri", "https://gateway.example/" + name + "/admin/credentials/callback")
                        .with("oauth.tokenUrl", ground.upstream().uri() + "/token")
                        .with("oauth.store", "file:" + folder.resolve(name)));
    }

    private static String signIn(Container container) throws IOException {
        var answer = Ground.send(container, post(container, "/admin/login", "", "token=" + ADMIN_TOKEN));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(303);
        assertThat(answer.fields().values("set-cookie"))
                .singleElement()
                .asString()
                .contains("; Path=" + container.contextPath() + "/admin;", "; HttpOnly", "; SameSite=Strict");
        return cookie(answer);
    }

    private static RawRequest browser(Container container, String method, String path, String cookie) {
        var request = Ground.request(container, method, path).field("Accept", "text/html,*/*;q=0.8");
        return cookie.isEmpty() ? request : request.field("Cookie", cookie);
    }

    private static RawRequest form(Container container, String path, String cookie, String csrf) {
        return post(container, path, cookie, "csrf=" + URLEncoder.encode(csrf, StandardCharsets.UTF_8));
    }

    private static RawRequest post(Container container, String path, String cookie, String body) {
        return browser(container, "POST", path, cookie)
                .field("Content-Type", "application/x-www-form-urlencoded")
                .body(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String cookie(RawResponse answer) {
        return answer.fields().first("set-cookie").orElseThrow().replaceFirst(";.*", "");
    }

    private static String csrf(RawResponse page) {
        var matcher = FORM_TOKEN.matcher(page.text());
        assertThat(matcher.find()).as(page.toString()).isTrue();
        return matcher.group(1);
    }

    private static String query(URI uri, String name) {
        for (String pair : uri.getRawQuery().split("&")) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        throw new AssertionError(name + " is missing in " + uri);
    }
}
