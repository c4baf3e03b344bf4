package dev.warder.contract;

import static dev.warder.testkit.FrozenList.assertFrozen;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.reconcile.LedgerSample;
import dev.warder.testkit.AdminApiServer;
import dev.warder.testkit.Chromium;
import dev.warder.testkit.Container;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.Messages;
import dev.warder.testkit.PageLook;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages as a frozen list, see {@code FrozenListsTest}: of each page that links lead to, its title, headings, labels,
 * columns, links, and forms with their fields. Numbers, rows and paragraphs are left out, because they vary or are prose. The
 * keys of log lines that scripts read are in a list of their own.
 *
 * <p>Pictures of the pages, to be looked at, come into {@code target/pages} by {@code mvn verify -Dtest=none
 * -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=FrozenPagesContract -Dwarder.pictures=true}.
 */
class FrozenPagesContract extends PrincipalGround {
    private static final String SESSION = "01234567-89ab-cdef-0123-456789abcdef";
    private static final Pattern TAG = Pattern.compile("<(/?[a-z][a-z0-9]*)([^>]*)>");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\s([a-z-]+)=\"([^\"]*)\"");
    private static final Pattern KEY = Pattern.compile("(?:^| )(\\w+)=");
    private static final Set<String> FIELDS = Set.of("input", "select", "textarea", "button", "option");
    private static final Set<String> TEXTS = Set.of(
            "title", "h1", "h2", "h3", "legend", "label", "caption", "summary", "dt", "th", "option", "button", "a");

    @Test
    void pagesAndLogLinesAreThoseOfTheFrozenLists(@TempDir Path folder) throws Exception {
        try (var reports = AdminApiServer.start()) {
            var node = filled(reports, folder);
            var entries = new TreeSet<String>();
            for (var start : List.of("/", "/admin/", "/me")) {
                pages(node, "", start).forEach((path, page) -> outline(path, " signed out", page, entries));
            }
            String admin = signedIn(node, "/admin/login", "token=" + ADMIN_TOKEN);
            String own = signedIn(node, "/me", "action=sign-in&token=" + issued("laptop"));
            var pages = pages(node, admin, "/admin/");
            pages.putAll(pages(node, own, "/me"));
            pages.forEach((path, page) -> outline(path, "", page, entries));
            if (Boolean.getBoolean("warder.pictures")) {
                takePictures(node, List.of(admin + ";path=/pages1/admin", own + ";path=/pages1/me"), pages.keySet());
            }
            send(ground.container(), request(ground.container(), "HEAD", "/"));
            var keys = new TreeSet<String>();
            for (var logger : List.of("dev.warder.access", "dev.warder.admin", "dev.warder.audit")) {
                var lines = log.lines(logger, Level.INFO);
                lines.stream().flatMap(FrozenPagesContract::keys).forEach(key -> keys.add(logger + " | " + key));
            }
            assertFrozen("log-keys", keys);
            assertFrozen("pages", entries);
        }
    }

    /** A node with everything that has a page or a log line, and an object of each kind. */
    private Container filled(AdminApiServer reports, Path folder) throws Exception {
        // The node compares the last day at its start.
        reports.usage(LedgerSample.lastDay(), "apikey_1", "claude-haiku-4-5", 1000, 0, 0, 0, 50, 0);
        var node = start(
                "pages",
                ground.guarded()
                        .withDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1")
                        .with("policy.database", "true")
                        .withSecret("admin.token", ADMIN_TOKEN)
                        .with("upstream.credentials", "primary=jndi:warder/secret.key;main=oauth")
                        .withJndi("warder/secret.key", MANAGED_KEY)
                        .with("oauth.clientId", "warder-test")
                        .with("oauth.tokenUrl", "https://login.example/token")
                        .with("oauth.redirectUri", "https://gateway.example/admin/credentials/callback")
                        .with("oauth.store", "file:" + folder.resolve("logins"))
                        .with("reconcile.url", reports.url().toString())
                        .with("reconcile.key", "jndi:warder/secret.reconcile")
                        .with("reconcile.map", "apikey_1=primary")
                        .withJndi("warder/secret.reconcile", AdminApiServer.KEY)
                        .with("log.format", "json"));
        String budgets = "'budgets': [{'amount': '5', 'period': 'day'}]";
        created(admin(node, "POST", "teams", "{'name': 'blue', " + budgets + "}"));
        created(admin(node, "POST", "tags", "{'name': 'project:x', " + budgets + "}"));
        created(admin(node, "POST", "models", "{'name': 'claude-opus*', 'limits': {'input_tokens_per_minute': 9}}"));
        created(admin(node, "PUT", "organization", "{" + budgets + "}"));
        created(admin(node, "PUT", "sessions", "{" + budgets + "}"));
        createClient(node, "ada", ", 'teams': ['blue'], 'limits': {'requests_per_minute': 999}, " + budgets);
        createToken(node, "laptop", "ada", "");
        createClient(node, "poor", ", 'budgets': [{'amount': '0', 'period': 'day'}]");
        createToken(node, "purse", "poor", "");
        eventually(() -> status(node, "laptop") == 200);
        assertThat(status(node, "purse")).isEqualTo(429);
        upstream.next((request, reply) -> reply.field("request-id", "req_up").json(200, Messages.message("x")));
        var use = message(node, "laptop", "claude-haiku-4-5").field("x-claude-code-session-id", SESSION);
        send(node, use.field("x-claude-code-agent-id", "helper"));
        log.await("dev.warder.access", line -> line.contains("req_up"), PATIENCE);
        var panels = administrator(node, "GET", "/admin/panels");
        // The parts of a report are read one after the other, and rows may come between them.
        eventually(() -> {
            var text = send(node, panels).text();
            return text.contains(SESSION) && text.contains("Table: Clients") && text.contains("Table: Models");
        });
        eventually(() -> admin(node, "GET", "reconciliation").text().contains("haiku"));
        return node;
    }

    private static Stream<String> keys(LogLine line) {
        return line.text().startsWith("{")
                ? JsonTree.parseObject(line.text()).orElseThrow().entrySet().stream()
                        .map(field -> "json | " + field.getKey() + " | "
                                + field.getValue().getValueType())
                : KEY.matcher(line.text()).results().map(key -> "text | " + key.group(1));
    }

    private static void takePictures(Container node, List<String> cookies, Collection<String> paths) throws Exception {
        try (var browser = Chromium.startWithScripts()) {
            browser.show(PageLook.WIDE, false);
            for (var start : List.of("/", "/admin/", "/me")) {
                takePicture(browser, node, start, "signed-out" + start.replace('/', '-'));
            }
            cookies.forEach(cookie -> browser.evaluate("document.cookie = '" + cookie + "'"));
            for (var path : paths) {
                takePicture(browser, node, path, "page" + path.replaceAll("\\W+", "-"));
            }
        }
    }

    private static void takePicture(Chromium browser, Container node, String path, String name) throws Exception {
        browser.open(URI.create(node.baseUri() + path));
        browser.awaitValue("document.readyState", "complete");
        browser.wholeScreenshot(Path.of("target/pages", name + ".png"));
    }

    /** The cookie of a browser that has sent this form. */
    private static String signedIn(Container node, String path, String fields) throws IOException {
        return cookie(send(node, form(request(node, "POST", path).field("accept", "text/html"), fields)));
    }

    /** The pages that links lead to from this one, by their paths; without a cookie only this one. */
    private static Map<String, String> pages(Container node, String cookie, String start) throws IOException {
        var pages = new TreeMap<String, String>();
        var todo = new ArrayDeque<>(List.of(start));
        while (!todo.isEmpty()) {
            String path = todo.pop();
            if (pages.containsKey(path) || path.startsWith("/admin/api/")) {
                continue;
            }
            var request = request(node, "GET", path).field("accept", "text/html");
            var page = send(node, cookie.isEmpty() ? request : request.field("cookie", cookie));
            if (page.fields().first("content-type").orElse("").startsWith("text/html")) {
                assertThat(page.status()).as(path).isEqualTo(!cookie.isEmpty() || path.equals("/") ? 200 : 401);
                pages.put(path, page.text());
                links(path, page.text()).filter(link -> !cookie.isEmpty()).forEach(todo::add);
            }
        }
        return pages;
    }

    /** The paths of links on this page, without a query unless it is a name. */
    private static Stream<String> links(String path, String page) {
        var links = TAG.matcher(page).results().filter(tag -> tag.group(1).equals("a"));
        return links.map(
                        tag -> URI.create(path).resolve(attributes(tag.group(2)).getOrDefault("href", "")))
                .map(link -> link.toString().replaceFirst("#.*|\\?(?!name=).*", ""));
    }

    private static Map<String, String> attributes(String tag) {
        var all = new HashMap<String, String>();
        ATTRIBUTE
                .matcher(tag)
                .results()
                .forEach(each -> all.put(each.group(1), each.group(2).replace("&amp;", "&")));
        return all;
    }

    /** Adds an entry for each part of the page that has a name. The links that all pages have are entries once. */
    private void outline(String path, String state, String page, Set<String> entries) {
        String form = "";
        boolean everywhere = false;
        var plain = page.replaceAll("(?s)(<svg[^>]*>).*?</svg>", "$1");
        var tags = TAG.matcher(plain);
        while (tags.find()) {
            String tag = tags.group(1);
            var all = attributes(tags.group(2));
            for (var link : List.of("href", "action")) {
                all.computeIfPresent(
                        link, (name, value) -> URI.create(path).resolve(value).toString());
            }
            if (tag.equals("form")) {
                form = " of " + all.getOrDefault("method", "get") + " " + all.getOrDefault("action", path);
            }
            if (tag.endsWith("nav")) {
                everywhere = "Pages".equals(all.get("aria-label"));
            }
            var entry = new StringBuilder();
            if (TEXTS.contains(tag) || FIELDS.contains(tag) || all.containsKey("aria-label")) {
                boolean fixed = TEXTS.contains(tag) || "checkbox".equals(all.get("type"));
                Stream.of("type", "name", "value", "href", "aria-label")
                        .filter(name -> all.containsKey(name) && (fixed || !name.equals("value")))
                        .forEach(name ->
                                entry.append(" ").append(name).append("=").append(all.get(name)));
            }
            if (TEXTS.contains(tag) && !"row".equals(all.get("scope"))) {
                String text = plain.substring(tags.end(), plain.indexOf("</" + tag + ">", tags.end()));
                entry.append(" \"")
                        .append(text.replaceAll("<[^>]*>|\\s+", " ").strip())
                        .append("\"");
            }
            entry.append(FIELDS.contains(tag) || tag.equals("form") ? form : "");
            if (!entry.isEmpty()) {
                entries.add(masked((everywhere ? "each page" : path + state) + " | " + tag + entry));
            }
        }
    }

    /** Without what differs from run to run. */
    private String masked(String entry) {
        return entry.replace(issued("laptop").substring(4, 12), "ID")
                .replace(issued("purse").substring(4, 12), "ID")
                .replaceAll("(?<![A-SU-Za-z])[0-9]+", "#");
    }
}
