package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.admin.Seal;
import dev.warder.auth.AccessToken;
import dev.warder.auth.TokenHash;
import dev.warder.config.Secret;
import dev.warder.testkit.Chromium;
import dev.warder.testkit.Container;
import dev.warder.testkit.PageLook;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Turns;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of a client, which signs in with an access token. */
@Tag("turn-8")
class OwnPageContract extends PrincipalGround {
    private static final String PAGE = "/me";
    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    private Container ready(String name) throws Exception {
        return ready(name, postgres.anotherAddress());
    }

    private Container ready(String name, String database) throws Exception {
        var node = node(name, database);
        admin(node, "POST", "teams", "{'name': 'blue'}");
        createClient(
                node,
                "ada",
                ", 'teams': ['blue'], 'budgets': [{'amount': '12.5', 'period': 'day'}], 'limits': {'requests_per_minute': 1234}");
        createClient(node, "bob", ", 'budgets': 'unlimited'");
        createToken(node, "laptop", "ada", "");
        createToken(node, "desk", "bob", "");
        return node;
    }

    private static RawResponse post(Container node, String cookie, Map<String, String> fields) throws IOException {
        return send(node, form(node, cookie, fields));
    }

    private static RawRequest form(Container node, String cookie, Map<String, String> fields) {
        var body = new TreeMap<>(fields)
                .entrySet().stream()
                        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        var request = form(request(node, "POST", PAGE), body);
        return cookie.isEmpty() ? request : request.field("Cookie", cookie);
    }

    private String signIn(Container node, String token) throws IOException {
        var reply = assertStatus(303, post(node, "", Map.of("action", "sign-in", "token", issued(token))));
        assertThat(reply.fields().first("location")).hasValue("me");
        String cookie = reply.fields().first("set-cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "/me;").doesNotContain(issued(token));
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private static RawResponse get(Container node, String cookie) throws IOException {
        var request = request(node, "GET", PAGE);
        return send(node, cookie.isEmpty() ? request : request.field("Cookie", cookie));
    }

    @Tag("turn-only")
    @Test
    void isReadWellInABrowser() throws Exception {
        assumeTrue(Chromium.installed(), "skipped: needs the program " + Chromium.PROGRAM);
        try (var node = ready("browser");
                var browser = Chromium.startWithScripts()) {
            addClients(node, Turns.of(500, 10_000));
            browser.open(URI.create(node.baseUri() + PAGE));
            browser.awaitFocus("textbox", "Your access token");
            PageLook.everywhere(browser, "own-sign-in");
            browser.type(issued("laptop"));
            browser.press(Chromium.Key.ENTER);
            browser.await("heading", "Use of ada");
            PageLook.printTimes(browser, PAGE);
            PageLook.everywhere(browser, "own-page");
            assertThat(browser.complaints()).noneMatch(text -> text.contains("Content Security Policy"));
        }
    }

    private void addClients(Container node, int count) throws Exception {
        var clients = IntStream.range(0, count)
                .mapToObj(i -> "{'name': 'person-" + i
                        + "', 'kind': 'person', 'teams': ['many'], 'budgets': [{'amount': '50', 'period': 'day'}]}")
                .collect(Collectors.joining(", "));
        assertStatus(
                200,
                admin(
                        node,
                        "POST",
                        "import",
                        "{'policy_file': {'version': 1, 'teams': [{'name': 'many'}], 'clients': [" + clients + "]}}"));
    }

    private static String formToken(RawResponse page) {
        var token = FORM_TOKEN.matcher(page.text());
        assertThat(token.find()).isTrue();
        return token.group(1);
    }

    @Test
    void aClientSeesItsOwnNumbers() throws Exception {
        try (var node = ready("own")) {
            eventually(() ->
                    send(node, message(node, "laptop", "claude-haiku-4-5").field("x-claude-code-session-id", "s-<1>"))
                                    .status()
                            == 200);
            String cookie = signIn(node, "laptop");
            eventually(() -> get(node, cookie).text().contains("<th scope=\"row\">s-&lt;1&gt;</th>"));
            var page = get(node, cookie);
            assertText(200, page)
                    .contains("Use of ada", "<td>$12.50</td><td>you</td>", "<td>1,234</td>")
                    .doesNotContain("<script", "bob", issued("laptop"));
            assertThat(page.fields().first("content-security-policy").orElseThrow())
                    .startsWith("default-src 'none';");
            assertThat(page.fields().first("cache-control")).hasValue("no-store");

            // The token of the form is random, and may have any three letters.
            assertThat(get(node, signIn(node, "desk")).text().replaceAll("value=\"[\\w-]{43}\"", ""))
                    .as("others see nothing of it")
                    .contains("Use of bob")
                    .doesNotContain("ada", "12.50", "s-&lt;1");
            assertThat(log.leaks()).isEmpty();
        }
    }

    /** A client could test guesses of a secret under which its cookie is made. All nodes of a database accept the cookie. */
    @Test
    void aCookieHelpsToGuessNoTokenOfAdministrators() throws Exception {
        String database = postgres.anotherAddress();
        try (var node = ready("key", database);
                var other = node("other", database)) {
            String cookie = signIn(node, "laptop");
            String value = cookie.substring(cookie.indexOf('=') + 1);
            var seal = new Seal(Secret.of(ADMIN_TOKEN), InstantSource.system());
            assertThat(seal.open("own session", value, "")).isEmpty();
            assertStatus(200, get(other, cookie));
            // Sealed rightly, by a client that knows the hash of its own token.
            var ownKey = Secret.of(TokenHash.plain().hex(issued("laptop")));
            String id = AccessToken.parse(issued("laptop")).orElseThrow().id();
            for (var text : List.of(id, "1 " + id, "x".repeat(9000) + " " + id, " " + id)) {
                String made =
                        new Seal(ownKey, InstantSource.system()).close("own session", text, "", Duration.ofHours(1));
                assertStatus(401, get(node, "warder-me=" + made));
            }
        }
    }

    @Test
    void aSessionIsWorthWhatItsTokenIsWorth() throws Exception {
        try (var node = ready("worth")) {
            var short1 = createToken(node, "short", "ada", "");
            createToken(node, "distant", "ada", "'networks': ['192.0.2.0/24']");
            createToken(node, "confined", "ada", "'paths': ['/v1/messages']");
            for (var token : List.of("distant", "confined")) {
                var refused = assertStatus(403, post(node, "", Map.of("action", "sign-in", "token", issued(token))));
                assertThat(refused.fields().values("set-cookie")).isEmpty();
            }
            for (var text : List.of("", "x", issued("laptop") + "x", ADMIN_TOKEN)) {
                assertStatus(401, post(node, "", Map.of("action", "sign-in", "token", text)));
            }
            String cookie = signIn(node, "short");
            assertStatus(200, get(node, cookie));
            done(admin(node, "DELETE", "tokens/" + short1.getString("id")));
            assertText(401, get(node, cookie)).contains("Your access token").doesNotContain("Use of");
            createClient(node, "everyone", ", 'token_names': ['shared'], 'budgets': 'unlimited'");
            createToken(node, "alice", "everyone", "");
            assertStatus(403, post(node, "", Map.of("action", "sign-in", "token", issued("alice"))));
        }
    }

    @Test
    void aFormOfAnotherSiteOrSessionIsRefused() throws Exception {
        try (var node = ready("forms")) {
            String cookie = signIn(node, "laptop");
            String other = formToken(get(node, signIn(node, "desk")));
            assertStatus(401, get(node, ""));
            assertStatus(401, get(node, cookie.replace("=", "=x")));
            for (var csrf : List.of("", "x", other)) {
                assertStatus(403, post(node, cookie, Map.of("action", "sign-out", "csrf", csrf)));
            }
            var signOut = Map.of("action", "sign-out", "csrf", formToken(get(node, cookie)));
            assertStatus(403, send(node, form(node, cookie, signOut).field("sec-fetch-site", "cross-site")));
            assertStatus(200, get(node, cookie));
            assertStatus(303, post(node, cookie, signOut));
            assertStatus(401, get(node, cookie));
            Answers.refused(send(node, request(node, "PUT", PAGE)), 405);
            String again = signIn(node, "laptop");
            assertStatus(
                    401,
                    send(
                            node,
                            request(node, "GET", "/admin/")
                                    .field("Cookie", again.replace("warder-me=", "warder-admin="))));
            var signIn = request(node, "POST", "/admin/login").field("accept", "text/html");
            String session = cookie(send(node, form(signIn, "token=" + ADMIN_TOKEN)));
            assertStatus(401, get(node, session.replace("warder-admin=", "warder-me=")));
        }
    }

    /** The response comes although no byte of the second body does; the memory of the first is free again when it ends. */
    @Test
    void aSecondBodyOfAClientIsRefusedBeforeItIsRead() throws Exception {
        try (var node = ready("bodies");
                var first = connect(node);
                var second = connect(node)) {
            String cookie = signIn(node, "laptop");
            String other = signIn(node, "desk");
            var nothing = Map.of("csrf", formToken(get(node, cookie)));
            first.send(unsent(node, cookie, 20).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"));
            assertThat(first.readInterimOrHead().status()).isEqualTo(100);
            assertStatus(429, post(node, cookie, nothing));
            var refused = second.send(unsent(node, cookie, 100_000)).readHead();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.fields().first("retry-after")).hasValue("2");
            assertStatus(200, post(node, other, Map.of("csrf", formToken(get(node, other)))));
            assertStatus(200, get(node, cookie));
            createClient(node, "cyd", ", 'budgets': 'unlimited'");
            first.reset();
            eventually(() -> post(node, cookie, nothing).status() == 200);
            for (int i = 0; i < 20; i++) {
                assertStatus(200, post(node, cookie, nothing));
            }
        }
    }

    /** The head of a form whose body is still to come. */
    private static String unsent(Container node, String cookie, int length) {
        return "POST " + node.contextPath() + PAGE + " HTTP/1.1\r\nHost: x\r\nCookie: " + cookie
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + length + "\r\n\r\n";
    }
}
