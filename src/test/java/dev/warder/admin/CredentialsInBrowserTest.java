package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.oauth.CredentialControl;
import dev.warder.testkit.EachRow;
import dev.warder.testkit.ScriptedControl;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsInBrowserTest {
    private final AdminSite site;
    private final Browser browser = new Browser();

    CredentialsInBrowserTest() throws Exception {
        site = new AdminSite(URI.create("http://login.example/authorize"));
    }

    @AfterEach
    void stop() throws Exception {
        site.stop();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/admin", "/admin/credentials", "/admin/credentials/callback?code=c&state=s", "/admin/login"})
    void showsTheSignInFormToABrowserThatIsNotKnown(String path) throws Exception {
        var page = browser.get(site.uri(path));
        assertThat(page.statusCode()).isEqualTo(401);
        assertThat(page.body()).contains("<form method=\"post\"", "name=\"token\"", "type=\"password\"");
        assertThat(page.body()).doesNotContain("<strong>", "team", "<script");
        assertThat(page.headers().firstValue("www-authenticate")).contains("Bearer realm=\"warder\"");
    }

    @Test
    void signsInWithACookieThatOnlyThisApplicationGets() throws Exception {
        var answer = signIn();
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(site.uri("/admin/login").resolve(location(answer))).isEqualTo(site.uri("/admin/credentials"));
        assertThat(answer.headers().allValues("set-cookie"))
                .singleElement()
                .asString()
                .startsWith("warder-admin=")
                .contains("; Path=/gw/admin;", "; HttpOnly", "; SameSite=Strict", "; Max-Age=28800")
                .doesNotContain("Secure", AdminSite.TOKEN);
        assertThat(browser.get(site.uri("/admin/credentials")).statusCode()).isEqualTo(200);
    }

    @Test
    void marksTheCookieAsSecureBehindTls() throws Exception {
        var answer =
                browser.post(site.uri("/admin/login"), Map.of("token", AdminSite.TOKEN), "X-Forwarded-Proto", "https");
        assertThat(answer.headers().allValues("set-cookie"))
                .singleElement()
                .asString()
                .contains("; Secure");
    }

    @Test
    void endsTheSessionAfterEightHours() throws Exception {
        signIn();
        site.now.set(AdminSite.BEGIN.plus(Duration.ofHours(8)).minusSeconds(1));
        assertThat(browser.get(site.uri("/admin/credentials")).statusCode()).isEqualTo(200);
        site.now.set(AdminSite.BEGIN.plus(Duration.ofHours(8)));
        assertThat(browser.get(site.uri("/admin/credentials")).statusCode()).isEqualTo(401);
    }

    @Test
    void showsEveryCredentialAndWhatIsKnownOfIt() throws Exception {
        var page = signedIn();
        assertThat(page.body())
                .contains("<strong>main</strong>", "<strong>team</strong>", "oauth", "api-key", "not usable")
                .contains("benched after 429", "for another 1 min 30 s", "sk-planted…t9Kw", "user:inference")
                .contains("expires 2026-11-21 02:05:00 UTC (in 2 h 5 min)", "2026-11-20 23:57:00 UTC (3 min ago)");
        assertThat(page.body()).contains("action=\"./credentials/main/login\"").doesNotContain("credentials/team/");
    }

    @Test
    void neverTakesTextForMarkup() throws Exception {
        var page = signedIn();
        assertThat(page.body())
                .doesNotContain("<script", AdminSite.HOSTILE)
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;");
    }

    @Test
    void forbidsWhatNoPageNeeds() throws Exception {
        for (var page : new HttpResponse<?>[] {browser.get(site.uri("/admin/credentials")), signedIn()}) {
            var fields = page.headers();
            assertThat(fields.firstValue("content-security-policy").orElse(""))
                    .startsWith("default-src 'none'; style-src 'sha256-")
                    .contains("frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'")
                    .doesNotContain("unsafe", "script-src");
            assertThat(fields.firstValue("x-frame-options")).contains("DENY");
            assertThat(fields.firstValue("x-content-type-options")).contains("nosniff");
            assertThat(fields.firstValue("referrer-policy")).contains("same-origin");
            assertThat(fields.firstValue("cache-control")).contains("no-store");
            assertThat(fields.firstValue("content-type")).contains("text/html;charset=utf-8");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',      '',              ''",
        "wrong,   '',              ''",
        "right,   Origin,          https://elsewhere.example",
        "right,   Origin,          null",
        "right,   Sec-Fetch-Site,  cross-site",
        "right,   Sec-Fetch-Site,  same-site",
        "right,   Sec-Fetch-Site,  none"
    })
    void refusesAFormThatIsNotOfItsOwnPage(String token, String name, String value) throws Exception {
        var right = Browser.formOf(signedIn());
        var form = token.equals("right") ? right : Map.of("csrf", token);
        for (var path : new String[] {
            "/admin/credentials/main/login",
            "/admin/credentials/main/refresh",
            "/admin/credentials/main/logout",
            "/admin/logout",
            "/admin/drain"
        }) {
            var answer = name.isEmpty()
                    ? browser.post(site.uri(path), form)
                    : browser.post(site.uri(path), form, name, value);
            assertThat(answer.statusCode()).as(path).isEqualTo(403);
        }
        assertThat(site.control.asked()).isEmpty();
        assertThat(browser.cookies).containsKey("warder-admin");
    }

    @Test
    void logsInByWayOfTheAuthorizationServer() throws Exception {
        var sent = begin();
        assertThat(sent.statusCode()).isEqualTo(303);
        assertThat(location(sent)).startsWith("http://login.example/authorize?").contains(ScriptedControl.STATE);
        assertThat(sent.headers().allValues("set-cookie"))
                .singleElement()
                .asString()
                .startsWith("warder-login=")
                .contains("; Path=/gw/admin;", "; HttpOnly", "; SameSite=Lax", "; Max-Age=600");
        var back = comeBack("code=the-code&state=" + ScriptedControl.STATE);
        assertThat(back.statusCode()).isEqualTo(200);
        assertThat(back.body()).contains("&quot;main&quot; is logged in.", "content=\"0; url=./../credentials\"");
        assertThat(back.headers().firstValue("referrer-policy")).contains("no-referrer");
        assertThat(site.control.asked()).containsExactly("beginLogin", "finishLogin the-code " + ScriptedControl.STATE);
        assertThat(browser.cookies).doesNotContainKey("warder-login");
        assertThat(browser.get(site.uri("/admin/credentials")).body()).contains("&quot;main&quot; is logged in.");
    }

    /** The browser leaves the session's cookie out: it is the authorization server's page that leads here. */
    @Test
    void endsALoginWithoutTheCookieOfTheSession() throws Exception {
        begin();
        browser.cookies.remove("warder-admin");
        assertThat(comeBack("code=c&state=" + ScriptedControl.STATE).statusCode())
                .isEqualTo(200);
    }

    @Test
    void endsNoLoginOfAnotherBrowser() throws Exception {
        begin();
        browser.cookies.remove("warder-login");
        assertThat(comeBack("code=c&state=" + ScriptedControl.STATE).statusCode())
                .isEqualTo(400);
        browser.cookies.clear();
        assertThat(comeBack("code=c&state=" + ScriptedControl.STATE).statusCode())
                .isEqualTo(401);
        assertThat(site.control.asked()).containsExactly("beginLogin");
    }

    @Test
    void endsNoLoginAfterTenMinutes() throws Exception {
        begin();
        site.now.set(AdminSite.BEGIN.plus(Duration.ofMinutes(10)));
        assertThat(comeBack("code=c&state=" + ScriptedControl.STATE).statusCode())
                .isEqualTo(400);
        assertThat(site.control.asked()).containsExactly("beginLogin");
    }

    @EachRow({
        "error=access_denied|The login was refused: the user or the authorization server denied access (access_denied).",
        "error=temporarily_unavailable|in trouble; try again later",
        "error=something_new&error_description=%3Cb%3E|refused the login (something_new).",
        "error=%3Cscript%3E|The authorization server refused the login.",
        "x=y|sent no authorization code"
    })
    void saysInPlainWordsWhyTheAuthorizationServerSentNoCode(String query, String words) throws Exception {
        begin();
        var answer = comeBack(query + "&state=" + ScriptedControl.STATE);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(words).doesNotContain("<script", "<b>");
        assertThat(site.control.asked()).containsExactly("beginLogin");
    }

    @Test
    void holdsNoThreadWhileAStoreIsSlow() throws Exception {
        var form = Browser.formOf(signedIn());
        var later = new CompletableFuture<CredentialControl.Status>();
        site.control.wait(later);
        var waiting = CompletableFuture.supplyAsync(() -> post("/admin/credentials/main/refresh", form));
        while (site.control.asked().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(waiting).isNotDone();
        later.complete(AdminSite.status());
        assertThat(waiting.get().statusCode()).isEqualTo(303);
    }

    @Test
    void knowsNoControlOfACredentialThatStaysAsItIs() throws Exception {
        var form = Browser.formOf(signedIn());
        for (var path : new String[] {"team/refresh", "nobody/login", "main/other", "main", "main/login/x"}) {
            assertThat(post("/admin/credentials/" + path, form).statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void takesNoLargeForm() throws Exception {
        signIn();
        var answer = browser.post(site.uri("/admin/login"), Map.of("token", "x".repeat(100_000)));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(browser.post(site.uri("/admin/logout"), Map.of("csrf", "x".repeat(2_000_000)))
                        .statusCode())
                .isEqualTo(403);
    }

    private HttpResponse<String> begin() throws Exception {
        return browser.post(site.uri("/admin/credentials/main/login"), Browser.formOf(signedIn()));
    }

    private HttpResponse<String> comeBack(String query) throws Exception {
        return browser.get(site.uri("/admin/credentials/callback?" + query));
    }

    private HttpResponse<String> post(String path, Map<String, String> form) {
        try {
            return browser.post(site.uri(path), form);
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    private HttpResponse<String> signIn() throws Exception {
        return browser.post(site.uri("/admin/login"), Map.of("token", AdminSite.TOKEN));
    }

    private HttpResponse<String> signedIn() throws Exception {
        signIn();
        return browser.get(site.uri("/admin/credentials"));
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("location").orElseThrow();
    }

    @Test
    void refusesAFormOfAnotherSession() throws Exception {
        var other = Browser.formOf(signedIn());
        browser.cookies.clear();
        assertThat(Browser.formOf(signedIn())).isNotEqualTo(other);
        assertThat(browser.post(site.uri("/admin/credentials/main/refresh"), other)
                        .statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"code=c&state=other", "code=c", "code=c&state=", "", "code=c&state=s&state=s"})
    void endsNoLoginWithAnotherState(String query) throws Exception {
        begin();
        var answer = comeBack(query);
        assertThat(answer.statusCode()).isIn(400, 401);
        assertThat(site.control.asked()).containsExactly("beginLogin");
    }

    /** What a browser does that matters here: it wants HTML, keeps cookies and sends forms. One thread at a time. */
    private static final class Browser {
        private static final Pattern FORM_TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

        final Map<String, String> cookies = new TreeMap<>();
        private final HttpClient client = HttpClient.newHttpClient();

        HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
            return send(HttpRequest.newBuilder(uri));
        }

        /** Sends a form; {@code fields} are names and values in turn, of the head. */
        HttpResponse<String> post(URI uri, Map<String, String> form, String... fields)
                throws IOException, InterruptedException {
            var body = form.entrySet().stream()
                    .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
            var request = HttpRequest.newBuilder(uri)
                    .header("content-type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(body));
            return send(fields.length == 0 ? request : request.headers(fields));
        }

        /** What the forms of a page hold. */
        static Map<String, String> formOf(HttpResponse<String> page) {
            var matcher = FORM_TOKEN.matcher(page.body());
            if (!matcher.find()) {
                throw new AssertionError("no form in " + page.body());
            }
            return Map.of("csrf", matcher.group(1));
        }

        private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
            request.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
            if (!cookies.isEmpty()) {
                request.header(
                        "cookie",
                        cookies.entrySet().stream()
                                .map(each -> each.getKey() + "=" + each.getValue())
                                .collect(Collectors.joining("; ")));
            }
            var answer = client.send(request.build(), BodyHandlers.ofString());
            for (String line : answer.headers().allValues("set-cookie")) {
                String pair = line.substring(0, line.indexOf(';'));
                String name = pair.substring(0, pair.indexOf('='));
                if (line.contains("Max-Age=0")) {
                    cookies.remove(name);
                } else {
                    cookies.put(name, pair.substring(pair.indexOf('=') + 1));
                }
            }
            return answer;
        }
    }
}
