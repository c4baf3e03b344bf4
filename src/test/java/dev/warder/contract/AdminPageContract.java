package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.testkit.Chromium;
import dev.warder.testkit.Chromium.Element;
import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The pages of {@code /admin} in a Chromium that has a keyboard and no mouse, and runs no scripts. Everything that can
 * be operated has a name for screen readers; the browser's console, where it reports a violation of the {@code
 * Content-Security-Policy}, has nothing but the status of the sign-in page; and no page requests anything from another
 * machine.
 *
 * <p>An administrator's browser looks after a login of the operator's OAuth client, from signing in to its first use.
 */
class AdminPageContract extends GroundContract {
    private static final String ACCESS = "sk-" + "ant-oat01-" + "f".repeat(40);
    private static final String REFRESH = "sk-" + "ant-ort01-" + "g".repeat(40);
    private static final String CODE = "code-" + "h".repeat(30);
    private static final Pattern STATE = Pattern.compile("[?&]state=([^&]+)");

    private static final Set<String> OPERATED =
            Set.of("button", "link", "textbox", "searchbox", "checkbox", "combobox");

    /** The authorization server, which is another site for the browser than Warder at 127.0.0.1. */
    private static final String OTHER_SITE = "localhost";

    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    @Test
    void logsACredentialInAndSignsOutByKeyboard() throws Exception {
        var container = container("keys");
        scriptLogin(container);
        try (var browser = browser()) {
            browser.open(page(container));
            assertNamed(browser.await("button", "Sign in"));
            browser.awaitFocus("textbox", "Administrator's token (admin.token)");
            browser.type(ADMIN_TOKEN);
            browser.press(Chromium.Key.ENTER);
            assertNamed(browser.await("button", "Log in main"));
            follow(browser, "button", "Log in main");
            browser.await("link", "Allow");
            follow(browser, "link", "Allow");
            browser.await("button", "Log out main");
            var shown = browser.await("StaticText", "\"main\" is logged in.");
            assertNamed(shown);
            assertThat(shown).anyMatch(element -> element.name().equals("sk-ant-o…ffff"));
            assertThat(shown).noneMatch(element -> element.name().contains(ACCESS));
            browser.screenshot(Path.of("target", "admin-page.png"));
            follow(browser, "button", "Sign out");
            browser.await("button", "Sign in");
            assertQuiet(browser);
        }
    }

    @Test
    void leadsFromEachPageToTheOthers() throws Exception {
        try (var browser = browser()) {
            browser.open(page(container("keys")));
            browser.awaitFocus("textbox", "Administrator's token (admin.token)");
            browser.type(ADMIN_TOKEN);
            browser.press(Chromium.Key.ENTER);
            browser.await("link", "Budgets");
            follow(browser, "link", "Budgets");
            assertNamed(browser.await("heading", "Budgets"));
            follow(browser, "link", "Overview");
            assertNamed(browser.await("heading", "Open now"));
            follow(browser, "link", "Budgets");
            browser.await("heading", "Budgets");
            follow(browser, "link", "Credentials");
            assertNamed(browser.await("heading", "Managed credentials"));
            assertQuiet(browser);
        }
    }

    @Test
    void reportsAWrongTokenAsAnAlert() throws Exception {
        try (var browser = browser()) {
            browser.open(page(container("keys")));
            browser.awaitFocus("textbox", "Administrator's token (admin.token)");
            browser.type(ADMIN_TOKEN + "x");
            browser.press(Chromium.Key.ENTER);
            assertNamed(browser.await("alert", ""));
            browser.awaitFocus("textbox", "Administrator's token (admin.token)");
            assertQuiet(browser);
        }
    }

    private static Chromium browser() throws IOException {
        assumeTrue(Chromium.installed(), "skipped: needs the program " + Chromium.PROGRAM);
        return Chromium.start();
    }

    /** Presses the tabulator key until the element has the focus, then the enter key. */
    private static void follow(Chromium browser, String role, String name) throws InterruptedException {
        int elements = browser.elements().size();
        for (int i = 0; i < elements && !focused(browser, role, name); i++) {
            browser.press(Chromium.Key.TAB);
        }
        browser.awaitFocus(role, name);
        browser.press(Chromium.Key.ENTER);
    }

    private static boolean focused(Chromium browser, String role, String name) {
        return browser.elements().stream()
                .anyMatch(element -> element.focused()
                        && element.role().equals(role)
                        && element.name().equals(name));
    }

    /** A page has a title, a heading and a main part, and each element that can be operated has a name. */
    private static void assertNamed(List<Element> elements) {
        assertThat(elements).extracting(Element::role).contains("RootWebArea", "heading", "main");
        assertThat(elements.get(0).name()).endsWith(" - Warder");
        assertThat(elements)
                .filteredOn(element -> OPERATED.contains(element.role()))
                .allSatisfy(element -> assertThat(element.name()).isNotBlank());
    }

    /** The browser reports the status of the page with the sign-in form as it does any status above 399. */
    private static void assertQuiet(Chromium browser) {
        assertThat(browser.complaints())
                .allSatisfy(complaint -> assertThat(complaint).contains("the server responded with a status of 401"));
        assertThat(browser.requests()).isNotEmpty().allSatisfy(address -> assertThat(address.getHost())
                .isIn("127.0.0.1", OTHER_SITE));
    }

    private void scriptLogin(Container container) {
        upstream.on("/authorize", (request, reply) -> askPermission(container, request, reply));
        upstream.on("/token", (request, reply) -> {
            request.body();
            reply.json(
                    200,
                    "{\"access_token\":\"" + ACCESS + "\",\"refresh_token\":\"" + REFRESH
                            + "\",\"expires_in\":28800,\"scope\":\"user:inference\"}");
        });
    }

    /** The page of an authorization server, whose link leads back to Warder. */
    private static void askPermission(Container container, RecordedRequest request, Reply reply) throws IOException {
        var state = STATE.matcher(request.target());
        assertThat(state.find()).isTrue();
        var link = page(container) + "/callback?code=" + CODE + "&amp;state=" + state.group(1);
        var html = "<!DOCTYPE html><html lang=en><title>Permission</title><link rel=icon href=data:,><a href=\"" + link
                + "\">Allow</a></html>";
        var bytes = utf8(html);
        reply.field("Content-Type", "text/html;charset=utf-8").length(bytes.length);
        reply.content(bytes);
    }

    private static URI page(Container container) {
        return URI.create(container.baseUri() + "/admin/credentials");
    }

    private Container container(String name) throws Exception {
        log.plant(ACCESS, REFRESH, CODE);
        var api = upstream.uri();
        return ground.container(
                name,
                ground.guarded()
                        .withSecret("admin.token", ADMIN_TOKEN)
                        .with("passthrough", "false")
                        .with("upstream.credentials", "main=oauth")
                        .with("oauth.clientId", "warder-test")
                        .with("oauth.authorizeUrl", "http://" + OTHER_SITE + ":" + api.getPort() + "/authorize")
                        .with("oauth.redirectUri", "https://gateway.example/" + name + "/admin/credentials/callback")
                        .with("oauth.tokenUrl", api + "/token")
                        .with("oauth.store", "file:" + folder.resolve(name)));
    }

    @Test
    void logsInByWayOfABrowserAndUsesTheTokenForTheNextRequest() throws Exception {
        var container = container("first");
        var session = signInAsBrowser(container);
        var page = ok(container, browser(container, "GET", "/admin/credentials", session));
        assertThat(page.text()).contains("not usable", "<button aria-label=\"Log in main\">");
        var begun = assertStatus(
                303, send(container, form(container, "/admin/credentials/main/login", session, csrf(page))));
        var location = URI.create(begun.fields().first("location").orElseThrow());
        assertThat(location.toString())
                .startsWith("http://" + OTHER_SITE + ":" + upstream.uri().getPort() + "/authorize?");
        var state = query(location, "state");
        scriptLogin(container);
        var callback = "/admin/credentials/callback?code=" + CODE + "&state=" + state;
        var back = ok(container, browser(container, "GET", callback, cookie(begun)));
        assertThat(back.text()).contains("&quot;main&quot; is logged in.").doesNotContain(ACCESS, CODE);
        var shown = send(container, browser(container, "GET", "/admin/credentials", session));
        assertThat(shown.text())
                .contains(
                        "sk-ant-o…ffff",
                        "user:inference",
                        folder.resolve("first").toString())
                .doesNotContain(ACCESS, REFRESH);
        assertThat(Files.readString(folder.resolve("first"))).contains(ACCESS);
        upstream.clear();
        upstream.next((request, reply) -> {
            reply.readBody();
            reply.json(200, "{}");
        });
        ok(container, authenticated(container, "GET", "/v1/models"));
        assertThat(upstream.take().fields().values("authorization")).containsExactly("Bearer " + ACCESS);
    }

    @Test
    void refusesAFormWithoutItsTokenAndOneOfAnotherSite() throws Exception {
        var container = container("second");
        var session = signInAsBrowser(container);
        var csrf = csrf(send(container, browser(container, "GET", "/admin/credentials", session)));
        for (var action : new String[] {"login", "refresh", "logout"}) {
            var path = "/admin/credentials/main/" + action;
            assertStatus(403, send(container, form(container, path, session, "")));
            assertStatus(403, send(container, form(container, path, session, "x" + csrf)));
            var foreign = form(container, path, session, csrf).field("Origin", "https://elsewhere.example");
            assertStatus(403, send(container, foreign));
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void endsNoLoginWithAStateThatItDidNotMake() throws Exception {
        var container = container("third");
        var session = signInAsBrowser(container);
        var page = send(container, browser(container, "GET", "/admin/credentials", session));
        var begun = send(container, form(container, "/admin/credentials/main/login", session, csrf(page)));
        var callback = "/admin/credentials/callback?code=" + CODE + "&state=other";
        assertStatus(400, send(container, browser(container, "GET", callback, session + "; " + cookie(begun))));
        assertThat(upstream.requests()).isEmpty();
    }

    private static String signInAsBrowser(Container container) throws IOException {
        var answer = assertStatus(303, send(container, post(container, "/admin/login", "", "token=" + ADMIN_TOKEN)));
        assertThat(answer.fields().values("set-cookie"))
                .singleElement()
                .asString()
                .contains("; Path=" + container.contextPath() + "/admin;", "; HttpOnly", "; SameSite=Strict");
        return cookie(answer);
    }

    private static RawRequest browser(Container container, String method, String path, String cookie) {
        var request = request(container, method, path).field("Accept", "text/html,*/*;q=0.8");
        return cookie.isEmpty() ? request : request.field("Cookie", cookie);
    }

    private static RawRequest form(Container container, String path, String cookie, String csrf) {
        return post(container, path, cookie, "csrf=" + URLEncoder.encode(csrf, StandardCharsets.UTF_8));
    }

    private static RawRequest post(Container container, String path, String cookie, String body) {
        return form(browser(container, "POST", path, cookie), body);
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
